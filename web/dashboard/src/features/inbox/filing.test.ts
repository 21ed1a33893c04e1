import { describe, expect, it } from 'vitest';
import { carriesFiles, encoded, filesFault } from './filing';

describe('files of a reply', () => {
  it('are held to what their channel carries', () => {
    const files = (count: number, size: number) => Array.from({ length: count }, () => ({ size }));
    expect(filesFault('sms', files(10, 1000))).toBeNull();
    expect(filesFault('sms', files(11, 1000))).toBe('many');
    expect(filesFault('sms', files(2, 3_000_000))).toBe('large');
    expect(filesFault('whatsapp', files(2, 10))).toBe('many');
    expect(carriesFiles('web')).toBe(false);
  });

  it('travel as base64 with their name and kind', async () => {
    const file = new File(['tooth'], 'a.png', { type: 'image/png' });
    expect(await encoded(file)).toEqual({ name: 'a.png', media_type: 'image/png', data: 'dG9vdGg=' });
  });
});
