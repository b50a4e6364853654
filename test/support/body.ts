/** A body whose chunks a test sends one by one. */
export class Body {
  readonly stream: ReadableStream<Uint8Array>;
  isCancelled = false;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isCancelled = true;
      },
    });
  }

  send(...chunks: string[]): this {
    for (const chunk of chunks) this.#controller.enqueue(new TextEncoder().encode(chunk));
    return this;
  }

  /** Sends something that is not bytes. */
  sendRaw(chunk: unknown): this {
    this.#controller.enqueue(chunk as Uint8Array);
    return this;
  }

  end(): this {
    this.#controller.close();
    return this;
  }

  break(error: unknown): this {
    this.#controller.error(error);
    return this;
  }
}
