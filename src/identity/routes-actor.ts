import type { Actor } from './actor.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. @throws {NotSignedIn} on reading, on a public route called by nobody */
    readonly actor: Actor;
  }
}
