import { z } from 'zod';
import type { AccessRequest } from './request.ts';
import type { Answer } from './service.ts';

const text = z.string().max(512);
const maybe = text.optional();

/** SOURCE: Kubernetes, authorization.k8s.io/v1 SubjectAccessReview: what the API server's webhook sends. */
export const subjectAccessReview = z.object({
  apiVersion: z.literal('authorization.k8s.io/v1'),
  kind: z.literal('SubjectAccessReview'),
  spec: z.object({
    user: maybe,
    groups: z.array(text).max(500).optional(),
    resourceAttributes: z
      .object({
        namespace: maybe,
        verb: maybe,
        group: maybe,
        resource: maybe,
        subresource: maybe,
        name: maybe,
      })
      .optional(),
    nonResourceAttributes: z.object({ path: maybe, verb: maybe }).optional(),
  }),
});

/** SOURCE: Kubernetes, admission.k8s.io/v1 AdmissionReview. */
export const admissionReview = z.object({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.object({
    uid: z.string().min(1).max(128),
    kind: z.object({ group: text, version: text, kind: text }),
    resource: z.object({ group: text, version: text, resource: text }),
    namespace: maybe,
    name: maybe,
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    userInfo: z.object({ username: maybe, groups: z.array(text).max(500).optional() }),
  }),
});

const reading = new Set(['get', 'list', 'watch']);

/**
 * A cluster's words in ours. A namespace is a tenancy: it carries the tenancy's id, with or without `ns-` in front; who acts
 * outside a namespace acts on the cluster, and that is infrastructure of the environment.
 */
function requestFrom(
  user: string | undefined,
  namespace: string | undefined,
  action: string,
  cluster: string,
): AccessRequest {
  const tenancy = namespace?.replace(/^ns-/, '');
  return {
    subject: {
      type: user?.includes('@') ? 'email' : 'user',
      id: user === undefined || user === '' ? 'nobody' : user,
    },
    action: { name: tenancy === undefined || tenancy === '' ? 'infrastructure.administer' : action },
    resource:
      tenancy === undefined || tenancy === ''
        ? { type: 'environment', id: cluster, properties: { tenancy: cluster } }
        : { type: 'tenancy', id: tenancy },
  };
}

/** @param cluster the tenancy (the provider's own) that the cluster itself is in */
export function requestOfReview(
  { spec }: z.output<typeof subjectAccessReview>,
  cluster: string,
): AccessRequest {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const verb = resource?.verb ?? other?.verb ?? '';
  return requestFrom(spec.user, resource?.namespace, reading.has(verb) ? 'data.read' : 'data.write', cluster);
}

/** What comes into being in a namespace is a service begun; the rest is writing. */
export function requestOfAdmission(
  { request }: z.output<typeof admissionReview>,
  cluster: string,
): AccessRequest {
  const action = request.operation === 'CREATE' ? 'service.provision' : 'data.write';
  return requestFrom(request.userInfo.username, request.namespace, action, cluster);
}

const told = ({ reasons }: Answer): string =>
  [...new Set(reasons.map(({ outsiders }) => outsiders))].join(' ').slice(0, 2000);

/** `denied` too: no other authorizer is asked afterwards. */
export const reviewStatus = (answer: Answer) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  status: answer.decision
    ? { allowed: true }
    : { allowed: false, denied: true, reason: `${told(answer)} (decision ${answer.id})` },
});

export const admissionResponse = (uid: string, answer: Answer) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: answer.decision
    ? { uid, allowed: true }
    : { uid, allowed: false, status: { code: 403, message: `${told(answer)} (decision ${answer.id})` } },
});
