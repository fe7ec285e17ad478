import { z } from 'zod';

/** What an action is, as far as gates care: a gate applies to traits, never to names. */
export const actionPolicy = z.object({
  label: z.string().min(1).max(80),
  /** Types of resource it can be done to. */
  resources: z.array(z.string().max(60)).min(1),
  /** Roles that may; an account needs one of them. */
  roles: z.array(z.string().max(60)),
  /** Who does it: people of the tenancy's own organisation, the provider's staff, or either. */
  by: z.enum(['tenant', 'provider', 'either']),
  /** Stays possible when the agreement has lapsed: reading and signing it, reporting an incident, taking own data out. */
  withoutAgreement: z.boolean().default(false),
  /** From Australian addresses only. */
  place: z.boolean().default(true),
  /** In a session of a person that is young and not idle. */
  session: z.boolean().default(true),
  provisioning: z.boolean().default(false),
  signing: z.boolean().default(false),
  privileged: z.boolean().default(false),
  infrastructure: z.boolean().default(false),
  customerData: z.boolean().default(false),
  offsite: z.boolean().default(false),
  change: z.boolean().default(false),
  support: z.boolean().default(false),
  breakGlass: z.boolean().default(false),
});
export type ActionPolicy = z.infer<typeof actionPolicy>;

export const clearanceLevel = z.enum(['none', 'baseline', 'nv1', 'nv2', 'pv']);

const name = z.string().min(1).max(80);
const country = z.string().regex(/^[A-Z]{2}$/, 'Use the two letters of ISO 3166, such as AU.');

/** What gives access to a customer's data can't be set free of the gates that guard it. */
const guarded = actionPolicy.refine(({ resources, by, privileged, customerData, support, breakGlass }) => {
  const session = resources.includes('support-session') || resources.includes('break-glass');
  if (session) return by === 'provider' && privileged && customerData && (support || breakGlass);
  return (
    by !== 'provider' ||
    (privileged && (customerData || !resources.some((one) => one === 'data' || one === 'tenancy')))
  );
}, "What the provider does to a customer's data stays privileged, with approval and clearance.");

/** What the provider may set; each set has a version, and every decision names the version it was made with. */
export const parameters = z.object({
  actions: z.record(name, guarded),
  /** The strictest that matches counts; `*` matches all. A privileged action that nothing matches needs `clearanceOtherwise`. */
  clearances: z.array(z.object({ environment: name, action: name, level: clearanceLevel })).max(200),
  clearanceOtherwise: clearanceLevel,
  clearanceConfirmedDays: z.number().int().min(1).max(3650),
  revalidationOverdueDenies: z.boolean(),
  citizenships: z.array(country).min(1).max(20),
  citizenshipWaivers: z.boolean(),
  countries: z.array(country).min(1).max(20),
  /** Markings of data that may be in an environment of a marking. */
  classifications: z.record(z.string().max(60), z.array(z.string().max(60)).max(20)),
  /** Environments of these markings need monitoring confirmed, and Baseline for the tenant's people. */
  protectedMarkings: z.array(z.string().max(60)).max(10),
  monitoringConfirmedDays: z.number().int().min(1).max(3650),
  sessionHours: z.number().min(0.1).max(24),
  idleMinutes: z.number().min(1).max(120),
  accountIdleDays: z.number().int().min(1).max(3650),
  accountReviewedDays: z.number().int().min(1).max(3650),
  contactsCheckedDays: z.number().int().min(1).max(3650),
  /** How long the posture of a registered device counts after it was looked at. Sets of before did not have it. */
  deviceCheckedDays: z.number().int().min(1).max(3650).default(30),
  /** How long after its due date an obligation blocks. */
  obligationGraceDays: z.number().int().min(0).max(365),
  /** False: who asks for a session is not who does the work in it. */
  requesterMayOperate: z.boolean(),
  supportMinutes: z.number().int().min(1).max(240),
  breakGlassMinutes: z.number().int().min(1).max(60),
  signingOffices: z.array(name).min(1).max(10),
  approvingOffices: z.array(name).min(1).max(10),
  feedSilentSeconds: z.number().int().min(1).max(60),
  /** Facts older than this are stale; `*` for those not named. */
  maxAgeSeconds: z.record(name, z.number().int().min(1).max(86_400)),
});
export type Parameters = z.infer<typeof parameters>;

const tenant = { by: 'tenant' as const, resources: ['tenancy', 'service'] };
const provider = { by: 'provider' as const, privileged: true };
const everyRole = [
  'administrator',
  'analyst',
  'shift-lead',
  'auditor',
  'customer-security-officer',
  'officer',
  'approver',
  'support-engineer',
  'member',
];

/** Each action as it ships; `parameters.parse` fills in the traits left out. */
const shippedActions: Record<string, z.input<typeof actionPolicy>> = {
  'portal.use': { ...tenant, label: 'Use the portal', roles: everyRole },
  'service.provision': {
    ...tenant,
    label: 'Start a new service',
    roles: ['customer-security-officer', 'officer', 'member'],
    provisioning: true,
  },
  'data.read': { ...tenant, label: 'Read data', resources: ['tenancy', 'service', 'data'], roles: everyRole },
  'data.write': {
    ...tenant,
    label: 'Write data',
    resources: ['tenancy', 'service', 'data'],
    roles: everyRole,
  },
  'data.retrieve': {
    ...tenant,
    label: 'Take own data out',
    resources: ['tenancy', 'service', 'data'],
    roles: everyRole,
    withoutAgreement: true,
  },
  'agreement.read': {
    label: 'Read the community policy',
    by: 'either',
    resources: ['agreement', 'tenancy'],
    roles: everyRole,
    withoutAgreement: true,
    place: false,
  },
  'agreement.sign': {
    ...tenant,
    label: 'Sign the community policy',
    resources: ['agreement', 'tenancy'],
    roles: ['officer'],
    signing: true,
    withoutAgreement: true,
  },
  'incident.report': {
    ...tenant,
    label: 'Report an incident',
    roles: everyRole,
    withoutAgreement: true,
    place: false,
  },
  'infrastructure.administer': {
    ...provider,
    label: 'Administer infrastructure',
    resources: ['environment', 'system'],
    roles: ['administrator', 'support-engineer'],
    infrastructure: true,
  },
  'change.apply': {
    ...provider,
    label: 'Apply a change',
    resources: ['change'],
    roles: ['administrator', 'support-engineer'],
    infrastructure: true,
    change: true,
  },
  'data.export': {
    ...provider,
    label: 'Copy data to equipment off site',
    resources: ['tenancy', 'data'],
    roles: ['administrator', 'support-engineer'],
    customerData: true,
    offsite: true,
  },
  'support.connect': {
    ...provider,
    label: 'Connect for remote support',
    resources: ['support-session'],
    roles: ['administrator', 'support-engineer'],
    customerData: true,
    support: true,
  },
  'break-glass.connect': {
    ...provider,
    label: 'Connect in an emergency',
    resources: ['break-glass'],
    roles: ['administrator', 'support-engineer'],
    customerData: true,
    breakGlass: true,
  },
};

const protectedData = ['UNOFFICIAL', 'OFFICIAL', 'OFFICIAL: Sensitive', 'PROTECTED'];

/**
 * As shipped. SOURCE: ISM-0428 (session 12 h, idle 15 min), ISM-1648 (45 days idle), ISM-1647 (12 months), CRISP 3.9, 3.10, 4.1,
 * 4.4, 8.1, 9.3. Where the sources disagree, the stricter.
 */
export const shippedParameters: Parameters = parameters.parse({
  actions: shippedActions,
  clearances: [
    { environment: '*', action: 'infrastructure.administer', level: 'nv1' },
    { environment: '*', action: 'change.apply', level: 'nv1' },
    { environment: '*', action: 'support.connect', level: 'nv1' },
    { environment: '*', action: 'break-glass.connect', level: 'nv1' },
  ],
  clearanceOtherwise: 'nv1',
  clearanceConfirmedDays: 365,
  revalidationOverdueDenies: false,
  citizenships: ['AU'],
  citizenshipWaivers: false,
  countries: ['AU'],
  classifications: { OFFICIAL: protectedData.slice(0, 3), PROTECTED: protectedData },
  protectedMarkings: ['PROTECTED'],
  monitoringConfirmedDays: 365,
  sessionHours: 12,
  idleMinutes: 15,
  accountIdleDays: 45,
  accountReviewedDays: 365,
  contactsCheckedDays: 90,
  deviceCheckedDays: 30,
  obligationGraceDays: 0,
  requesterMayOperate: false,
  supportMinutes: 240,
  breakGlassMinutes: 60,
  signingOffices: ['cio', 'ciso'],
  approvingOffices: ['ciso', 'coo'],
  feedSilentSeconds: 15,
  maxAgeSeconds: { '*': 30 },
} satisfies z.input<typeof parameters>);

const text = (most: number) => z.string().trim().min(1).max(most);

const shownReason = z.object({
  rule: z.string(),
  clause: z.string(),
  code: z.string(),
  message: z.string(),
  missing: z.array(z.string()).optional(),
  who_can_fix: z.string(),
  remedy: z.string(),
  requestable: z.boolean(),
  link: z.string().optional(),
});

/** POST /api/gate/can: may I? Nothing is permitted by it, and nothing is kept. */
export const canQuestion = z.object({
  action: text(80),
  resource: z.object({ type: text(60), id: text(200) }),
});
export const canAnswer = z.object({
  permitted: z.boolean(),
  reasons: z.array(shownReason),
  toMend: z.array(z.string()),
  /** What is taken for granted, because it is known only when it is done. */
  assumed: z.array(z.string()),
  policyVersion: z.string(),
});
export type CanAnswer = z.infer<typeof canAnswer>;

/** GET /api/gate/rules */
export const ruleList = z.object({
  rules: z.array(
    z.object({
      id: z.string(),
      clause: z.string(),
      title: z.string(),
      who: z.string(),
      how: z.string(),
      requestable: z.boolean(),
      needs: z.array(z.string()),
    }),
  ),
  parameters,
  version: z.number().int(),
  policyVersion: z.string(),
  setBy: z.string().nullable(),
  setAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
});
export type RuleList = z.infer<typeof ruleList>;

/** PUT /api/gate/parameters: `version` is the one that was looked at. */
export const parametersChange = z.object({ parameters, version: z.number().int(), reason: text(500) });
export const parametersSet = z.object({ version: z.number().int() });

/** GET /api/decisions, newest first. */
export const decisionQuery = z.object({
  subject: z.string().max(512).optional(),
  organisation: z.string().max(64).optional(),
  action: z.string().max(80).optional(),
  outcome: z.enum(['permit', 'deny']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  before: z.string().max(120).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const decisionSummary = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  tenancy: z.string(),
  organisation: z.string(),
  subject: z.string(),
  subjectName: z.string(),
  action: z.string(),
  resource: z.object({ type: z.string(), id: z.string() }),
  permitted: z.boolean(),
  privileged: z.boolean(),
  face: z.string(),
  callerName: z.string(),
  requestId: z.string(),
  policyVersion: z.string(),
  reasons: z.array(shownReason),
  toMend: z.array(z.string()),
});
export type DecisionSummary = z.infer<typeof decisionSummary>;
export const decisionPage = z.object({ decisions: z.array(decisionSummary), next: z.string().nullable() });
export type DecisionPage = z.infer<typeof decisionPage>;

/** GET /api/decisions/:id. The facts are for the provider's staff only. */
export const decisionDetail = decisionSummary.extend({
  factsHash: z.string(),
  facts: z.record(z.string(), z.unknown()).nullable(),
});
export type DecisionDetail = z.infer<typeof decisionDetail>;

/** POST /api/decisions/:id/replay: the same facts and policy again, and the same question now. */
export const replayResult = z.object({
  id: z.string(),
  /** Null: the version of the gates is another one today, so this can't be said. */
  same: z.boolean().nullable(),
  /** Whether the facts are those whose hash was kept. */
  factsIntact: z.boolean(),
  decided: z.object({ permitted: z.boolean(), rules: z.array(z.string()) }),
  replayed: z.object({ permitted: z.boolean(), rules: z.array(z.string()) }),
  now: z.object({ permitted: z.boolean(), rules: z.array(z.string()) }),
});
export type ReplayResult = z.infer<typeof replayResult>;

/** POST /api/gate/requests */
export const newRequest = z.object({
  action: text(80),
  resource: z.object({ type: text(60), id: text(200) }),
  rule: text(80),
  note: z.string().trim().max(500).default(''),
});
export const gateRequest = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  tenancy: z.string(),
  organisation: z.string(),
  userName: z.string(),
  action: z.string(),
  resource: z.object({ type: z.string(), id: z.string() }),
  rule: z.string(),
  who: z.string(),
  how: z.string(),
  note: z.string(),
  state: z.enum(['open', 'done', 'refused']),
  handledBy: z.string().nullable(),
  handledAt: z.iso.datetime().nullable(),
});
export type GateRequest = z.infer<typeof gateRequest>;
export const requestList = z.object({ requests: z.array(gateRequest) });
/** PATCH /api/gate/requests/:id */
export const requestChange = z.object({ state: z.enum(['done', 'refused']) });
