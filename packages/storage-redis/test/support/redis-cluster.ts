import { Cluster, type Redis } from 'ioredis'
import { freePort } from '../../../outdial/test/processes/free-port.js'
import { until } from '../../../outdial/test/processes/workers.js'
import type { Backend } from './harness.js'
import { type RedisServer, redisServer, type ServerOptions } from './redis-server.js'

const SLOTS = 16_384

/** One node, with a connection of the test's own to it. */
export interface ClusterNode {
  readonly id: string
  readonly server: RedisServer
  readonly client: Redis
}

/** A Redis Cluster of real nodes, made by hand. */
export interface RedisCluster extends Backend {
  readonly nodes: readonly ClusterNode[]
  /** A client of the whole. */
  client(): Cluster
  /** The node that serves the slot of a prefix. */
  ownerOf(prefix: string): Promise<ClusterNode>
  /** Has the node that serves the slot of a prefix hand over to its replica. */
  handOver(prefix: string): Promise<void>
  /** Resolves when every node that is up serves everything. */
  whole(): Promise<void>
}

interface ClusterOptions extends ServerOptions {
  masters?: number
  /** Replicas of each master. */
  replicas?: number
}

/** Starts the nodes, has them meet, gives the masters their slots and the replicas their masters. */
export async function redisCluster({
  masters = 3,
  replicas = 0,
  settings = [],
  ...options
}: ClusterOptions = {}): Promise<RedisCluster> {
  const starting = Array.from({ length: masters * (1 + replicas) }, async (): Promise<ClusterNode> => {
    const bus = ['--cluster-port', String(await freePort())]
    const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', ...bus]
    const server = await redisServer({ ...options, settings: [...cluster, ...settings] })
    const client = server.client()
    return { id: String(await client.cluster('MYID')), server, client }
  })
  const nodes = await Promise.all(starting)
  const [first] = nodes as [ClusterNode]
  for (const [i, { client }] of nodes.entries()) {
    // Nodes know each other by the port that a client sees, and the one of the bus beside it.
    const bus = Number(((await first.client.config('GET', 'cluster-port')) as string[])[1])
    await client.call('CLUSTER', 'MEET', '127.0.0.1', String(first.server.port), String(bus))
    if (i >= masters) continue
    const from = Math.floor((SLOTS * i) / masters)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', from, Math.floor((SLOTS * (i + 1)) / masters) - 1)
  }
  const known = async ({ client }: ClusterNode) =>
    String(await client.cluster('NODES'))
      .split('\n')
      .filter((line) => / connected/.test(line) && !/handshake/.test(line)).length
  await until(async () => (await Promise.all(nodes.map(known))).every((count) => count === nodes.length))
  for (const [i, { client }] of nodes.entries()) {
    if (i >= masters) await client.call('CLUSTER', 'REPLICATE', (nodes[i % masters] as ClusterNode).id)
  }
  const info = async ({ client }: ClusterNode) => String(await client.cluster('INFO').catch(() => 'down'))
  const isWhole = async () =>
    (await Promise.all(nodes.map(info))).every((text) => text === 'down' || text.includes('cluster_state:ok'))
  await until(isWhole)
  const each = (what: 'kill' | 'start' | 'rollback') => Promise.all(nodes.map(({ server }) => server[what]()))
  return {
    nodes,
    client() {
      const client = new Cluster(
        nodes.map(({ server: { port } }) => ({ host: '127.0.0.1', port })),
        { clusterRetryStrategy: () => 50, slotsRefreshTimeout: 5000 },
      )
      client.on('error', () => {})
      return client
    },
    ownerOf: (prefix) => ownerOf(nodes, slotOf(prefix)),
    async handOver(prefix) {
      const slot = slotOf(prefix)
      const owner = await ownerOf(nodes, slot)
      const replica = await replicaOf(nodes, owner)
      // A replica gives up after 5 s without saying so, for instance when the others voted too short a time ago.
      let asked = Number.NEGATIVE_INFINITY
      await until(async () => {
        if ((await ownerOf(nodes, slot).catch(() => owner)) !== owner) return true
        if (performance.now() - asked > 6000) {
          asked = performance.now()
          await replica.client.cluster('FAILOVER')
        }
        return false
      })
    },
    whole: () => until(isWhole),
    async restart() {
      await each('kill')
      await each('start')
      await until(isWhole)
    },
    mark() {
      for (const { server } of nodes) server.mark()
    },
    async rollback() {
      await each('rollback')
      await until(isWhole)
    },
    flush: () => Promise.all(nodes.map(({ server }) => server.flush())),
  }
}

async function ownerOf(nodes: readonly ClusterNode[], slot: number): Promise<ClusterNode> {
  for (const node of nodes) {
    const { role, slots } = await selfOf(node)
    if (role === 'master' && slots.some(([from, to]) => slot >= from && slot <= to)) return node
  }
  throw new Error(`nobody serves slot ${slot}`)
}

async function replicaOf(nodes: readonly ClusterNode[], master: ClusterNode): Promise<ClusterNode> {
  for (const node of nodes) {
    const { role, master: of } = await selfOf(node)
    if (role === 'slave' && of === master.id) return node
  }
  throw new Error(`${master.id} has no replica`)
}

/** What a node says of itself; one that is down says nothing. */
async function selfOf({ client }: ClusterNode): Promise<{ role?: string; master?: string; slots: [number, number][] }> {
  const text = String(await client.cluster('NODES').catch(() => ''))
  const line = text.split('\n').find((told) => told.includes('myself'))
  if (!line) return { slots: [] }
  const [, , flags = '', master = '', , , , , ...ranges] = line.split(' ')
  const slots = ranges
    .map((range) => range.split('-').map(Number))
    .map(([from = 0, to = from]): [number, number] => [from, to])
  return { role: flags.split(',')[1] ?? '', master, slots }
}

/** Moves a slot with all its keys from one node to another, key by key, as a resharding does. `meanwhile` sees it half done. */
export async function moveSlot(
  cluster: RedisCluster,
  slot: number,
  from: ClusterNode,
  to: ClusterNode,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await to.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id)
  await from.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id)
  const migrate = async (most: number) => {
    const keys = (await from.client.call('CLUSTER', 'GETKEYSINSLOT', slot, most)) as string[]
    if (keys.length > 0) {
      await from.client.call('MIGRATE', '127.0.0.1', to.server.port, '', 0, 5000, 'KEYS', ...keys)
    }
    return keys.length
  }
  await migrate(3)
  await meanwhile()
  while ((await migrate(100)) > 0);
  for (const node of [to, from, ...cluster.nodes]) {
    await node.client.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id).catch(() => {})
  }
}

/** The slot of a store's keys: CRC16 of what is in the braces. */
export function slotOf(prefix: string): number {
  let crc = 0
  for (const byte of Buffer.from(prefix)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc % SLOTS
}
