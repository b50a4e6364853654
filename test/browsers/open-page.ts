import { inject } from 'vitest';

/** Opens a page of the suite's server in a frame, and gives the first message that it sends; an `error` in it rejects. */
export async function openPage<Message extends object>(
  path: string,
  query: Record<string, string> = {},
): Promise<Message> {
  const frame = document.createElement('iframe');
  const message = new Promise<Message>((resolve, reject) => {
    addEventListener('message', function listener({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', listener);
      if ('error' in data) reject(new Error(data.error));
      else resolve(data);
    });
  });
  frame.src = `${inject('origin')}${path}?${new URLSearchParams(query)}`;
  document.body.append(frame);
  try {
    return await message;
  } finally {
    frame.remove();
  }
}
