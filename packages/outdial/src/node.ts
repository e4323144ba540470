export * from '@outdial/contacts/node'
