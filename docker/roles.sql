-- Run once by the image of PostgreSQL, on an empty data folder.
-- The owner makes the tables; the application may use them and cannot drop a trigger, a constraint or a table.
\getenv owner_password OWNER_PASSWORD
\getenv application_password APPLICATION_PASSWORD
CREATE ROLE marketplace_app NOLOGIN;
CREATE ROLE marketplace LOGIN PASSWORD :'application_password' IN ROLE marketplace_app;
CREATE ROLE marketplace_owner LOGIN PASSWORD :'owner_password';
ALTER DATABASE marketplace OWNER TO marketplace_owner;
ALTER SCHEMA public OWNER TO marketplace_owner;
