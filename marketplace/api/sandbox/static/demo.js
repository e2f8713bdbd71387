"use strict";

// A client as an app would have it: HTTP to join and to open the conversation, Socket.IO for what happens then.

const STOPPED_MS = 1500;
const part = (side, name) => document.querySelector(`#${side} .${name}`);

async function ask(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(value));
  return value;
}

async function join(name) {
  const username = `${name}-${Math.random().toString(36).slice(2, 9)}`;
  const body = { username, email: `${username}@example.com`, password: "Paper-Moon-42" };
  return ask("/api/auth/register/", body);
}

function connect(namespace, auth, frames) {
  // A connection of its own for each person: two people in one page are two clients.
  const socket = io(namespace, { auth, forceNew: true, reconnection: true });
  for (const [kind, hear] of Object.entries(frames)) socket.on(kind, hear);
  return socket;
}

class Side {
  constructor(id, session, partner, conversation) {
    this.id = id;
    this.user = session.user;
    this.auth = { token: session.access, conversation_id: conversation };
    this.lastSeq = 0;
    this.stopped = null;
    this.chat = null;
    document.getElementById(id).hidden = false;
    this.partner = partner.user.username;
    part(id, "name").textContent = this.user.username;
    this.see(false);
    part(id, "leave").addEventListener("click", () => (this.chat ? this.leave() : this.come()));
    const form = document.querySelector(`#${id} form`);
    form.addEventListener("submit", (event) => this.say(event, form.elements.text));
    form.elements.text.addEventListener("input", () => this.write());
    this.come();
  }

  come() {
    this.chat = connect("/ws/chat", this.auth, {
      connect: () => {
        this.chat.emit("watch", {});
        this.chat.emit("resume", { last_seq: this.lastSeq });
      },
      chat_message: (frame) => this.show(frame.message),
      typing: (frame) => this.hint(frame),
      presence: (frame) => this.see(frame.is_online),
      error: (frame) => problem(frame.detail),
      connect_error: (error) => problem(error.message),
    });
    this.inbox = connect("/ws/notifications", { token: this.auth.token }, {
      new_notification: (frame) => this.ring(frame.notification),
    });
    part(this.id, "leave").textContent = "Leave";
  }

  leave() {
    this.chat.disconnect();
    this.inbox.disconnect();
    this.chat = null;
    this.see(false);
    part(this.id, "leave").textContent = "Come back";
  }

  see(isOnline) {
    part(this.id, "dot").classList.toggle("online", isOnline);
    part(this.id, "partner").textContent = `${this.partner} is ${isOnline ? "here" : "away"}`;
  }

  say(event, field) {
    event.preventDefault();
    if (!this.chat) return problem("Come back first.");
    this.chat.emit("chat_message", { message: field.value, client_msg_id: crypto.randomUUID?.() ?? `${Math.random()}` });
    this.stop();
    field.value = "";
  }

  write() {
    if (!this.chat) return;
    if (this.stopped) clearTimeout(this.stopped);
    else this.chat.emit("typing", { is_typing: true });
    this.stopped = setTimeout(() => this.stop(), STOPPED_MS);
  }

  stop() {
    if (!this.stopped) return;
    clearTimeout(this.stopped);
    this.stopped = null;
    this.chat?.emit("typing", { is_typing: false });
  }

  show(message) {
    if (message.seq <= this.lastSeq) return;
    this.lastSeq = message.seq;
    const line = document.createElement("li");
    line.textContent = message.content;
    line.className = message.sender_id === this.user.id ? "own" : "theirs";
    const list = part(this.id, "messages");
    list.append(line);
    list.scrollTop = list.scrollHeight;
  }

  hint(frame) {
    if (frame.user_id === this.user.id) return;
    part(this.id, "hint").textContent = frame.is_typing ? `${frame.username} is writing …` : "";
  }

  ring(notification) {
    const bell = part(this.id, "bell");
    bell.textContent = `${notification.title}: ${notification.message}`;
    bell.classList.add("rings");
  }
}

function problem(sentence) {
  document.getElementById("problem").textContent = sentence;
}

async function meet(event) {
  event.target.disabled = true;
  problem("");
  try {
    const [sara, omar] = [await join("sara"), await join("omar")];
    const conversation = await ask(
      "/api/messaging/conversations/create/", { participant_id: omar.user.id }, sara.access);
    new Side("left", sara, omar, conversation.id);
    new Side("right", omar, sara, conversation.id);
  } catch (error) {
    problem(error.message);
    event.target.disabled = false;
  }
}

document.getElementById("meet").addEventListener("click", meet);
