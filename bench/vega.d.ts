/** What is used of Vega, so that types can be checked where this folder is not installed. */
declare module 'vega' {
  export function parse(spec: object): object;
  export class View {
    constructor(runtime: object, options: { renderer: 'none' });
    toSVG(): Promise<string>;
  }
}
