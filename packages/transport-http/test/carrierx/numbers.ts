/** Numbers that the service's page names, and one of another organization, as the inventory has them. */
export const PHONES = ['14849687406', '14849723113'] as const
const held = (i: number) => ({ id: `did-${i}`, phonenumber: `+${PHONES[i]}`, trunk_group_sid: 'old-trunk' })

/** Nothing is there but a number of the other organization, so that both can be bought. */
export const THEIRS = { id: 'did-theirs', phonenumber: '+14155550150' }
export const EMPTY = { globex: [THEIRS] }
/** Both are there. */
export const INVENTORY = { acme: [held(0), held(1)], globex: [THEIRS] }

const OLD_GROUP = '2297adf9-cc6f-45f0-9501-5e8c69d21f11'
const NEW_GROUP = '9070c888-ee95-449b-803b-f2fa082325f8'

/** The three requests that the page prints as commands, byte by byte, and what a task then says of itself. */
export const PRINTED = {
  POST: {
    text: `{"method": "POST", "review": false, "type": "phonenumber", "data": [{"phonenumber": "14849687406", "trunk_group_sid": "${OLD_GROUP}"}, {"phonenumber": "14849723113", "trunk_group_sid": "${OLD_GROUP}"}]}`,
    shows: {
      data: PHONES.map((phonenumber) => ({ phonenumber, trunk_group_sid: OLD_GROUP })),
      entries: [],
      field: null,
      method: 'POST',
      review: false,
    },
  },
  PATCH: {
    text: `{"method": "PATCH", "type": "phonenumber", "review": true, "field":"phonenumber", "data":{"trunk_group_sid": "${NEW_GROUP}"}, "entries":["14849687406", "14849723113"]}`,
    shows: {
      data: { trunk_group_sid: NEW_GROUP },
      entries: [...PHONES],
      field: 'phonenumber',
      method: 'PATCH',
      review: true,
    },
  },
  DELETE: {
    text: '{"method": "DELETE", "type": "phonenumber", "review": true, "field":"phonenumber", "entries":["14849687406", "14849723113"]}',
    shows: { data: null, entries: [...PHONES], field: 'phonenumber', method: 'DELETE', review: true },
  },
} as const

/** What every create answer says of a task that nobody has begun. */
export const UNTOUCHED = {
  failure: null,
  processed: null,
  status: 'created',
  success: null,
  total: null,
  type: 'phonenumber',
}

export const TASKS = '/core/v2/batch/tasks'
