// A real SMTP server that keeps what it is given.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { python } from './python.js';

/** An invitation as the `icalendar` package reads it. */
export interface Invitation {
  readonly method: string;
  readonly uid: string;
  readonly sequence: number;
  readonly start: string;
  readonly summary: string;
}

/** A letter that arrived. */
export interface Letter {
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The calendar part, if there is one. */
  readonly invitation: Invitation | null;
}

export interface Mailbox {
  /** What makes a server send its mail here. */
  readonly settings: Readonly<Record<string, string>>;
  /** Letters to an address, in the order of their arrival. */
  lettersTo(address: string): readonly Letter[];
  close(): Promise<void>;
}

// Independent parsers: Python's own for the letter, icalendar's for the invitation, which must be without fault.
const READ = `
import sys, json, email, email.policy, icalendar
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
said = {"subject": message["Subject"], "html": "", "text": "", "invitation": None}
for part in message.walk():
    kind = part.get_content_type()
    if kind == "text/html":
        said["html"] = part.get_content()
    elif kind == "text/plain":
        said["text"] = part.get_content()
    elif kind == "text/calendar" and said["invitation"] is None:
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        assert not calendar.errors, calendar.errors
        [event] = calendar.walk("VEVENT")
        assert not event.errors, event.errors
        assert str(calendar["METHOD"]) == part.get_param("method"), part["Content-Type"]
        said["invitation"] = {
            "method": str(calendar["METHOD"]), "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]),
            "start": event.decoded("DTSTART").strftime("%Y-%m-%dT%H:%M:%SZ"), "summary": str(event["SUMMARY"]),
        }
print(json.dumps(said))
`;

/** Starts one on a free port of this machine. */
export async function startMailbox(): Promise<Mailbox> {
  const arrived: Letter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        try {
          const read = execFileSync(python(), ['-c', READ], { input: Buffer.concat(chunks), encoding: 'utf8' });
          const to = session.envelope.rcptTo.map(({ address }) => address);
          arrived.push({ ...(JSON.parse(read) as Omit<Letter, 'to'>), to });
          done();
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    settings: { SMTP__HOST: '127.0.0.1', SMTP__PORT: String(port), SMTP__SECURITY: 'none', SMTP__FROM: 'Front desk <desk@example.com>' },
    lettersTo: (address) => arrived.filter(({ to }) => to.includes(address)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
