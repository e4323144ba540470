import { connect, type Socket } from 'node:net'

/** The server behind a proxy. */
export interface Target {
  host: string
  port: number
}

/** What a connection asks its proxy. */
export interface Weather {
  delay(way: 'requests' | 'replies'): number
  swallows(direction: 'requests' | 'replies'): boolean
  /** Whether the answer that has just come is dropped. Asked once for each. */
  dropsReply(): boolean
  ended(): void
}

/** One connection of a client, and the one to the server that was made for it. */
export class Connection {
  readonly #client: Socket
  readonly #server: Socket
  readonly #weather: Weather
  /** The client has asked, and nothing has come back yet. */
  #asked = false
  #over = false

  constructor(client: Socket, { host, port }: Target, weather: Weather) {
    this.#client = client
    this.#server = connect({ host, port })
    this.#weather = weather
    client.setNoDelay(true)
    this.#server.setNoDelay(true)
    client.on('data', (data) => {
      if (weather.swallows('requests')) return
      this.#asked = true
      this.#send(this.#server, data, weather.delay('requests'))
    })
    this.#server.on('data', (data) => {
      if (weather.swallows('replies')) return
      if (this.#asked) {
        this.#asked = false
        if (weather.dropsReply()) return this.break()
      }
      this.#send(client, data, weather.delay('replies'))
    })
    // A side that closes while the link swallows everything is not heard of on the other.
    client.on('close', () => (weather.swallows('requests') ? undefined : this.break()))
    this.#server.on('close', () => (weather.swallows('replies') ? undefined : this.break()))
    for (const socket of [client, this.#server]) socket.on('error', () => {})
  }

  /** Resets both sides. What was under way is lost. */
  break(): void {
    if (this.#over) return
    this.#over = true
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
    this.#weather.ended()
  }

  #send(to: Socket, data: Buffer, delay: number): void {
    if (delay === 0) to.write(data)
    // Timers of one length fire in the order in which they were set, so nothing overtakes.
    else setTimeout(() => to.destroyed || to.write(data), delay)
  }
}
