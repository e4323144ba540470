export interface TcpProxy {
  readonly port: number
}
