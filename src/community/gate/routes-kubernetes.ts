import type { FastifyRequest } from 'fastify';
import type { Routes } from '#platform/http';
import { z } from 'zod';
import { parsed } from './authzen.ts';
import {
  admissionResponse,
  admissionReview,
  requestOfAdmission,
  requestOfReview,
  reviewStatus,
  subjectAccessReview,
} from './kubernetes.ts';
import { asAuthzen, callerOf, type GateRoutesDeps } from './routes-authzen.ts';

const tags = ['gate'];
const config = { permission: 'gate.evaluate' };
const bodyLimit = 4 * 1024 * 1024;
/** The tenancy that the cluster itself is in: `?cluster=wattle-odce` in the webhook's address. */
const query = z.object({ cluster: z.string().max(64).default('') });

/** A Kubernetes API server's authorization and admission webhooks. */
export const kubernetesRoutes =
  ({ gate }: Pick<GateRoutesDeps, 'gate'>): Routes =>
  async (http) => {
    asAuthzen(http, gate);
    const cluster = (request: FastifyRequest): string => parsed(query, request.query).cluster;
    http.post(
      '/access/v1/kubernetes/authorization',
      { config, bodyLimit, schema: { summary: 'SubjectAccessReview (Kubernetes)', tags } },
      async (request) => {
        const review = parsed(subjectAccessReview, request.body);
        return reviewStatus(
          await gate.evaluate(callerOf(request, 'kubernetes'), requestOfReview(review, cluster(request))),
        );
      },
    );
    http.post(
      '/access/v1/kubernetes/admission',
      { config, bodyLimit, schema: { summary: 'AdmissionReview (Kubernetes)', tags } },
      async (request) => {
        const review = parsed(admissionReview, request.body);
        const answer = await gate.evaluate(
          callerOf(request, 'kubernetes'),
          requestOfAdmission(review, cluster(request)),
        );
        return admissionResponse(review.request.uid, answer);
      },
    );
  };
