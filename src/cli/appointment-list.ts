import { appointmentList } from '#contract/community/organisations';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'appointment list',
  summary: 'List who holds which office, until when, and who verified it.',
  options: { organisation: { value: 'ID', about: 'Only its offices.' } },
  examples: ['ironbark appointment list --organisation acme'],
  async run({ text, server, show }) {
    const path = `/api/appointments${query({ organisation: text('organisation') })}`;
    const answer = await server().get(path, appointmentList);
    show(answer, () =>
      table(
        ['ID', 'ORGANISATION', 'OFFICE', 'PERSON', 'STATE', 'EXPIRES', 'VERIFIED BY'],
        answer.appointments.map((one) => [
          one.id,
          one.organisation,
          one.office,
          one.person.name,
          one.wanting > 0 ? `${one.state} (${one.wanting} to verify)` : one.state,
          one.expiresAt?.slice(0, 10) ?? null,
          one.verifications.map(({ name }) => name).join(', ') || null,
        ]),
      ),
    );
  },
};
