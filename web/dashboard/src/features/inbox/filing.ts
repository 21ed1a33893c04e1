// Files to go along with a reply: what each channel carries, by the server's own limits (message/files.rs).

export interface NewFile {
  name: string;
  media_type: string;
  /** Base64. */
  data: string;
}

/** What text messages and WhatsApp take of what a browser knows by name. */
export const ACCEPT = 'image/jpeg,image/png,image/gif,image/webp,audio/*,video/mp4,video/3gpp,application/pdf,text/vcard,text/calendar';

const MEGABYTE = 1_048_576;
const LIMITS = { sms: { count: 10, bytes: 5 * MEGABYTE - 8192 }, whatsapp: { count: 1, bytes: 5 * MEGABYTE } } as const;

export type FilingChannel = keyof typeof LIMITS;
export const carriesFiles = (channel: string | undefined): channel is FilingChannel => channel === 'sms' || channel === 'whatsapp';

/** Why files cannot go along, if they cannot. */
export function filesFault(channel: FilingChannel, files: readonly Pick<File, 'size'>[]): 'many' | 'large' | null {
  if (files.length > LIMITS[channel].count) return 'many';
  return files.reduce((sum, { size }) => sum + size, 0) > LIMITS[channel].bytes ? 'large' : null;
}

export const mostFiles = (channel: FilingChannel): number => LIMITS[channel].count;

/** A file as the server takes it. */
export async function encoded(file: File): Promise<NewFile> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('the file could not be read'));
    reader.readAsDataURL(file);
  });
  return { name: file.name, media_type: file.type, data: url.slice(url.indexOf(',') + 1) };
}
