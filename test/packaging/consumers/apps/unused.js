// oxlint-disable-next-line no-unused-vars
import { EventSource } from 'everysource';

console.log(1);
