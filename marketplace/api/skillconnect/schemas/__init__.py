"""What SkillConnect takes and answers, a module per section of its document."""
