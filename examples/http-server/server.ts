/** A server that listens on a free port of this machine. */
export interface Listening {
  /** `http://127.0.0.1:PORT` */
  base: string
  close(): Promise<void>
}
