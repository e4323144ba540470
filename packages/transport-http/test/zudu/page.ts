/*
 * The requests and answers that the service's page prints, as data: the host, the key and the secret are ours, and so are
 * generated ids, times, counters and the organization.
 */

interface Printed {
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  answer: Readonly<Record<string, unknown>>
}

export const CREATE: Printed = {
  method: 'POST',
  path: '/batch-call',
  headers: { 'Content-Type': 'application/json' },
  body: `
{
  "from_number": "+14157774444",
  "tasks": [
    {
      "to_number": "+12137774445",
      "dynamic_variables": {
        "first_name": "John",
        "last_name": "Doe",
        "company": "Acme Corp"
      },
      "max_retries": 3
    }
  ],
  "name": "Q1 Sales Campaign",
  "trigger_timestamp": 1735718400000,
  "agent_id": "agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03",
  "timezone": "America/New_York",
  "status": "draft",
  "send_now": false
}
`,
  answer: {
    message: 'Batch call created successfully',
    status: 'success',
    error: null,
    data: {
      batch_call_id: 'batch_call_a1b2c3d4e5f6789012345678901234567',
      name: 'Q1 Sales Campaign',
      from_number: '+14157774444',
      scheduled_timestamp: 1735718400000,
      total_task_count: 1,
      total: 1,
      sent: 0,
      picked_up: 0,
      completed: 0,
      agent_id: 'agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03',
      organization_id: 'e3yn0c4mivqs8y4yhb5k',
      status: 'draft',
      timezone: 'UTC',
      last_sent_timestamp: null,
      tasks_url: 'https://storage.azure.com/.../tasks.json',
      created_timestamp: 1735718400000,
      access_info: { user_id: 'user_12345', session_id: 'session_67890' },
    },
  },
}
