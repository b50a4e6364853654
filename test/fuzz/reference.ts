/**
 * What a whole event stream means: slow, without chunks and limits, each sentence of the standard a line. It shares nothing with `src`.
 *
 * Source: HTML standard, sections 9.2.5 and 9.2.6
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */

/** What came of a stream that has ended. */
export interface Interpretation {
  readonly events: readonly { type: string; data: string; lastEventId: string }[];
  /** The last event ID string, after everything that was dispatched. */
  readonly lastEventId: string;
  /** Milliseconds; `undefined` if the stream did not set it. */
  readonly reconnectionTime: number | undefined;
}

export function interpret(body: Uint8Array, initialId = ''): Interpretation {
  // Streams must be decoded using the UTF-8 decode algorithm, which drops one leading BOM.
  const text = new TextDecoder().decode(body);
  const events: { type: string; data: string; lastEventId: string }[] = [];
  let lastEventId = initialId;
  let reconnectionTime: number | undefined;
  let data = '';
  let type = '';
  let idBuffer = initialId;

  function dispatch(): void {
    // Set the last event ID string of the event source to the value of the last event ID buffer.
    lastEventId = idBuffer;
    // If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.
    if (data !== '') {
      // If the data buffer's last character is a LF, remove it. The type is the event type buffer, or message.
      events.push({ type: type === '' ? 'message' : type, data: data.slice(0, -1), lastEventId });
    }
    data = '';
    type = '';
  }

  function processField(field: string, value: string): void {
    // Field names must be compared literally, with no case folding performed.
    if (field === 'event') type = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'id' && !value.includes('\0')) idBuffer = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) reconnectionTime = Number.parseInt(value, 10);
  }

  // Lines end with CRLF, LF or CR. What follows the last line end is an incomplete line, and discarded.
  const lines = text.split(/\r\n|\n|\r/).slice(0, -1);
  for (const line of lines) {
    if (line === '') dispatch();
    // A line that starts with a colon is ignored.
    else if (line.startsWith(':')) continue;
    else if (line.includes(':')) {
      const [, field = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
      processField(field, value);
    } else processField(line, '');
  }
  // Once the end of the file is reached, any pending data must be discarded.
  return { events, lastEventId, reconnectionTime };
}
