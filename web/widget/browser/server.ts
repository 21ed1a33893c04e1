// A small server that speaks the widget's side of the API, steered by the tests: it stores messages once per `client_id`,
// can lose its answers, refuse sockets and go away. It is not the product's server and thinks nothing up.

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FakeServer as FakeBooking } from '../../booking/browser/server';
import type { Citation, Config, ConversationState, Floor, Frame, Message, ServerEvent } from '../src/protocol';

const DIST = new URL('../dist/', import.meta.url);

export class FakeServer {
  config: Config = {
    business: 'Harbor Dental',
    agent: 'Ava',
    greeting: 'Hi, I\u2019m Ava \u{1F44B} Ask me about opening hours, prices or your next visit.',
    language: 'en',
    theme: { accent: '#4f46e5', position: 'right', scheme: 'auto', launcher_text: '' },
    open_now: true,
  };
  configStatus = 200;
  messages: Message[] = [];
  state: ConversationState = 'open';
  floor: Floor = { holder: 'ai' };
  sessions = 0;
  ratings: { score: number; comment: string }[] = [];
  sockets = new Set<WebSocket>();
  /** Store the next message, then cut the line before saying so. */
  loseNextAnswer = false;
  refuseSockets = false;
  down = false;
  refuseNext: Extract<ServerEvent, { type: 'error' }> | null = null;
  /** The host page's body and the attributes of its script tag. */
  body = '';
  attributes = '';
  head = '';
  origin = '';
  frames: Frame[] = [];
  /** Answers what the picker asks. */
  booking: FakeBooking | null = null;
  private server: Server | null = null;
  private raw = new Set<Socket>();

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    const upgrades = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (this.down || this.refuseSockets) socket.destroy();
      else upgrades.handleUpgrade(request, socket, head, (ws) => this.accept(ws));
    });
    server.on('connection', (socket) => {
      if (this.down) socket.destroy();
      this.raw.add(socket);
      socket.on('close', () => this.raw.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.server = server;
  }

  async close(): Promise<void> {
    this.cut();
    for (const socket of this.raw) socket.destroy();
    await new Promise((done) => this.server?.close(done));
  }

  /** Cuts every line without a goodbye. */
  cut(): void {
    for (const ws of this.sockets) ws.terminate();
    this.sockets.clear();
  }

  goAway(): void {
    this.down = true;
    this.cut();
    for (const socket of this.raw) socket.destroy();
  }

  push(event: ServerEvent): void {
    for (const ws of this.sockets) ws.send(JSON.stringify(event));
  }

  store(message: Partial<Message>): Message {
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    const stored: Message = {
      id: `msg_${this.sessions}_${seq}`, seq, author: 'ai', author_name: null, text: '', citations: [], cut: false, turn_id: null,
      client_id: null, created_at: new Date(Date.UTC(2026, 2, 18, 17, seq)).toISOString(), ...message,
    };
    this.messages.push(stored);
    this.push({ type: 'message', message: stored });
    return stored;
  }

  say(text: string, turn: string | null = null, citations: Citation[] = []): void {
    this.store({ author: 'ai', author_name: this.config.agent, text, turn_id: turn, citations });
  }

  private receive(text: string, clientId: string): Message {
    const known = this.messages.find((m) => m.client_id === clientId);
    return known ?? this.store({ author: 'customer', text, client_id: clientId });
  }

  private accept(ws: WebSocket): void {
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      this.frames.push(frame);
      const send = (event: ServerEvent): void => ws.send(JSON.stringify(event));
      if (frame.type === 'hello') {
        if (frame.token !== this.token) {
          send({ type: 'error', code: 'unauthorized', message: 'Unknown session.', client_id: null, retry_after_ms: null, fatal: true });
          ws.close();
          return;
        }
        send({ type: 'ready', state: this.state, floor: this.floor, seq: this.messages.at(-1)?.seq ?? 0 });
        for (const message of this.messages) if (message.seq > frame.after) send({ type: 'message', message });
        this.sockets.add(ws);
        ws.on('close', () => this.sockets.delete(ws));
      } else if (frame.type === 'message') {
        if (this.refuseNext) {
          send({ ...this.refuseNext, client_id: frame.client_id });
          this.refuseNext = null;
          return;
        }
        if (this.loseNextAnswer) {
          this.loseNextAnswer = false;
          this.sockets.clear();
          this.receive(frame.text, frame.client_id);
          ws.terminate();
          return;
        }
        const before = this.messages.length;
        const message = this.receive(frame.text, frame.client_id);
        if (this.messages.length === before) send({ type: 'message', message });
      } else if (frame.type === 'end') {
        this.state = 'ended';
        this.push({ type: 'state', state: 'ended' });
      } else if (frame.type === 'rate') this.ratings.push({ score: frame.score, comment: frame.comment });
      else if (frame.type === 'ping') send({ type: 'pong' });
    });
  }

  get token(): string {
    return `token-${this.sessions}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://host');
    if (this.booking && url.pathname.startsWith('/api/v1/public/booking/')) return this.booking.answer(request, response);
    let text = '';
    for await (const part of request) text += String(part);
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const allowed = request.headers.authorization === `Bearer ${this.token}`;
    switch (url.pathname) {
      case '/widget.js':
      case '/widget-panel.js':
      case '/widget-booking.js':
        response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(await readFile(new URL('.' + url.pathname, DIST)));
        return;
      case '/api/v1/widget/config':
        json(this.configStatus, this.configStatus === 200 ? this.config : { detail: 'No.' });
        return;
      case '/api/v1/widget/sessions': {
        const { token } = JSON.parse(text) as { token?: string };
        if (token && token !== this.token) {
          json(401, {});
          return;
        }
        if (!token) {
          this.sessions++;
          this.messages = [];
          this.state = 'open';
          this.floor = { holder: 'ai' };
        }
        json(201, { token: this.token, conversation_id: 'conv_1', state: this.state, floor: this.floor, messages: this.messages });
        return;
      }
      case '/api/v1/widget/messages':
        if (!allowed) json(401, {});
        else if (request.method === 'POST') {
          const body = JSON.parse(text) as { text: string; client_id: string };
          json(201, this.receive(body.text, body.client_id));
        } else {
          const after = Number(url.searchParams.get('after'));
          json(200, { messages: this.messages.filter((m) => m.seq > after), state: this.state, floor: this.floor });
        }
        return;
      case '/':
        response
          .writeHead(200, {
            'content-type': 'text/html',
            'content-security-policy': `default-src 'none'; require-trusted-types-for 'script'; trusted-types frontdesk lit-html; script-src 'self'; connect-src 'self' ${this.origin.replace('http', 'ws')}; style-src 'self'; img-src 'self'`,
          })
          .end(`<!doctype html><html lang="en"><title>Host page</title><link rel="stylesheet" href="/host.css">${this.head}<main><h1>Harbor Dental</h1>${this.body}</main><script src="/widget.js" data-key="pk_test" ${this.attributes} defer></script></html>`);
        return;
      case '/host.css':
        response.writeHead(200, { 'content-type': 'text/css' }).end(this.css);
        return;
      default:
        response.writeHead(404).end();
    }
  }

  css = 'body{font:16px system-ui;margin:40px;background:#f4efe6;color:#2b2620}';
}
