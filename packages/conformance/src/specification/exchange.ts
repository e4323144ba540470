import { type Area, rules } from './rule.js'

export const EXCHANGE: Area = {
  title: 'The exchange',
  about: 'One atomic step of a channel: what is due by the clock, then reports, fences and claims.',
  rules: rules('core', {
    'S-040': 'answer a time that never goes back, also when a clock it was given does',
    'S-041': 'apply reports before fences and fences before claims, so that what one frees the next can have',
    'S-042': 'do what is due by its clock before anything else of the exchange',
    'S-043': 'answer the last exchange of a channel again with the same reply when it is repeated, and change nothing',
    'S-044': 'refuse an older exchange and a gap with `sequence_broken`, changing nothing',
    'S-045': 'count the exchanges of every channel apart',
    'S-046': 'name every job whose phase changed in the exchange',
    'S-047': 'answer a `wakeAt` that is no later than the instant at which time makes something claimable',
    'S-048':
      'answer every report, fence and claim, in the order in which they were sent, also when there are as many of each as its `batch`, and four times as many reports of progress and ends',
    'S-049': 'answer an exchange that is repeated with all other tasks as they were, when one was redacted meanwhile',
  }),
}

export const CLAIMS: Area = {
  title: 'Claims',
  about:
    'A claim reserves a task for a lease. It holds a slot of every gate of its job, burns nothing, and ends by itself.',
  rules: rules('core', {
    'S-050': 'give a task to one claim at a time, and never the same claim twice',
    'S-051':
      'give a task back when its lease ends, to be claimed again, with no attempt counted and its end in the log',
    'S-052': 'end a claim with its own lease, not with that of an earlier claim of the task',
    'S-053': 'hold a slot of every gate from the claim on, and claim no more than every gate has room for',
    'S-054': 'let a limit that is lowered below what is held drain: nothing is taken away, and nothing new is given',
    'S-055': 'claim only tasks of jobs that may be dialed, and of the route that was asked for',
    'S-056': 'claim no more than was asked for',
    'S-057': 'answer a claimed task with its payload, its memo and its attempts, and its job with its revision',
    'S-058': 'count a key without a limit and never refuse it, so that a limit set later finds what is held',
    'S-059': 'lease a claim until the store’s time plus `leaseMs`',
  }),
}

export const FENCES: Area = {
  title: 'Fences',
  about:
    'The second half of a claim, right before the dial. All is taken and the attempt exists, or nothing has happened.',
  rules: rules('core', {
    'S-060': 'make a fenced claim a live attempt, with a ref `job:index:attempt:nonce` that was never given before',
    'S-061': 'answer `gone` for a claim that was fenced, was given back, is another’s by now, or whose lease has ended',
    'S-062': 'refuse a fence of a job that may not be dialed any more, naming its state',
    'S-063': 'let no start pass `until`, and refuse with `until` when none is possible before it',
    'S-064': 'refuse whoever is on a suppression list, and everybody while the list is too old',
    'S-065': 'take the first of `anyOf` whose holds are all admitted, say which, and none when none was asked for',
    'S-066': 'take nothing at all when it refuses: no hold, no pace, no attempt',
    'S-067': 'name every key, list and condition that refuses',
    'S-068': 'count a key that a fence takes twice as two',
    'S-069': 'grant a start from now until 50 ms ahead, to be used within 2 s',
    'S-070': 'keep the claim after a refusal, and say when to try again, no earlier than now',
    'S-071': 'admit no task twice when its claim is fenced twice in one exchange',
    'S-072':
      'let no start pass the expiry that the job has now, and refuse with `until` when none is possible before it, whatever the fence says',
    'S-073':
      'let no start pass the end of the interval in which the lane is open now, and refuse with `lane` when it is closed, whatever the claim was given for',
    'S-074':
      'refuse as `changed`, and for nothing else, a claim that was made before the spec of its job was changed; one that is made afterwards is as good as any',
  }),
}
