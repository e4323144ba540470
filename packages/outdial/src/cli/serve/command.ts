import type { Command } from '../command.js'

/** `outdial serve`: an engine behind HTTP, from one file of configuration. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve the engine over HTTP, from a file of configuration',
  synopsis: '[flags]',
  about: `Serves an engine over HTTP: the native API and the dialects that the configuration
names. Without --config it is a configuration for development: two organizations,
numbers, a simulated carrier and inventory, and keys made now and shown once.`,
  notes: `/healthz says that the process is alive, /readyz that it takes requests. Logs are
lines of JSON on standard error, without phone numbers and secrets.

SIGTERM and Ctrl-C stop in good order: no new requests, those under way are
answered, calls that are live may end, the rest is left to the store, and nothing
of it is lost. A second signal leaves at once.

Exit codes: 0 stopped in good order, 2 bad input, 1 anything unexpected.`,
  flags: [
    { name: 'config', value: 'FILE', help: 'The configuration, JSON: see docs/serve.md. Default: for development.' },
    {
      name: 'port',
      value: 'N',
      help: 'Port; 0 takes one that is free. Default: what the configuration says, or 8080.',
    },
    {
      name: 'host',
      value: 'ADDRESS',
      help: 'Address to listen on. Default: what the configuration says, or 127.0.0.1.',
    },
    {
      name: 'storage',
      value: 'WHERE',
      help: 'memory, file: and the path of a folder, or redis:// and the rest. Default: what the configuration says, or memory.',
    },
    { name: 'print-config', help: 'Prints the configuration for development, to begin a file of your own, and ends.' },
  ],
  // Engine, transport and all: loaded when they are needed, not for a help text.
  run: async (args, surroundings) => (await import('./serve.js')).serve(args, surroundings),
}
