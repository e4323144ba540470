export * from '@outdial/contacts/node'
export { type LedgerFile, ledgerFile } from './ledger/ledger-file.js'
