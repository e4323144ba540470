/** Who is served next, as store/fair-order.ts of core has it. */
export const FAIR_ORDER: string = String.raw`
local function jobWaker(job) return 'j\n' .. job.id end
local function timerWaker(job) return 't\n' .. job.id end
local function organizationWaker(job) return 'o\n' .. job.route .. '\n' .. job.organization end
local function routeWaker(job) return 'r\n' .. job.route end

local function enterOrganization(route, id)
  local organizations = organizationsOf(route)
  if scoreOf(organizations, id) then return end
  local organization = organizationOf(route, id)
  organization.turn = max(organization.turn, floorOf(route))
  setScore(organizations, id, organization.turn)
end

-- Puts a job into the order if it may be claimed from.
local function ready(job)
  if not job.phase.dialable or job.sweep or job.sealed == 0 then return end
  local jobs = jobsOf(job.route, job.organization)
  if scoreOf(jobs, job.id) then return end
  local organization = organizationOf(job.route, job.organization)
  job.turn = max(job.turn, organization.floor)
  setScore(jobs, job.id, job.turn)
  if not organization.aside then enterOrganization(job.route, job.organization) end
  signal(job.route)
end

-- Takes a job out of the order. Its organization follows when it has nothing else.
local function unready(job)
  local jobs = jobsOf(job.route, job.organization)
  deleteMember(jobs, job.id)
  if isEmpty(jobs) then deleteMember(organizationsOf(job.route), job.organization) end
end

-- Takes a whole organization out of a route's order; its jobs keep their places within it.
local function setOrganizationAside(job)
  deleteMember(organizationsOf(job.route), job.organization)
  organizationOf(job.route, job.organization).aside = true
end

-- Charges starts to a job and its organization.
local function charge(job, starts)
  local organization = organizationOf(job.route, job.organization)
  setFloor(job.route, organization.turn)
  organization.floor = job.turn
  organization.turn = organization.turn + starts / organization.weight
  job.turn = job.turn + starts / job.weight
  local organizations = organizationsOf(job.route)
  if scoreOf(organizations, job.organization) then setScore(organizations, job.organization, organization.turn) end
  local jobs = jobsOf(job.route, job.organization)
  if scoreOf(jobs, job.id) then setScore(jobs, job.id, job.turn) end
end

-- Has a waker looked at no later than an instant.
local function wakeAt(waker, at)
  local known = scoreOf(wakes, waker)
  if not known or at < known then setScore(wakes, waker, at) end
end

-- Puts back whoever a waker names. Timers are not its business.
local function wake(waker)
  local kind, rest = string.match(waker, '^(.)\n(.*)$')
  if kind == 'o' then
    local route, id = string.match(rest, '^([^\n]*)\n(.*)$')
    organizationOf(route, id).aside = false
    if not isEmpty(jobsOf(route, id)) then
      enterOrganization(route, id)
      signal(route)
    end
  elseif kind == 'r' then
    signal(rest)
  else
    local job = jobOf(rest)
    if job then ready(job) end
  end
end

-- Wakes everybody who waits for this limit.
local function unpark(state)
  if not state.parked then return end
  for _, waker in ipairs(drainParked(state)) do wake(waker) end
end
`
