/** Ours where the DOM library's is wanted. */
import Default, { EventSource } from 'everysource';

export const instance: globalThis.EventSource = new EventSource<{ price: string }>('http://localhost/');
export const constructors: (typeof globalThis.EventSource)[] = [Default, EventSource];

const onMessage = (event: MessageEvent<string>) => event.data;
const onError = (event: Event) => event.type;
const source = new EventSource('http://localhost/');
source.addEventListener('message', onMessage);
source.addEventListener('error', onError);
source.onerror = onError;
source.addEventListener('error', (event) => {
  if (event instanceof MessageEvent) (event satisfies MessageEvent<string>).data.trim();
  else event.reason.trim();
});
