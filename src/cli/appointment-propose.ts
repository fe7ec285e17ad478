import { appointment, newAppointment } from '#contract/community/organisations';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'appointment propose',
  summary: 'Propose somebody for an office; it holds once it is verified.',
  args: 'E-MAIL|ID',
  options: {
    office: {
      value: 'OFFICE',
      about: 'cio, ciso, coo, security-officer, approver or risk-owner.',
      required: true,
    },
    kind: {
      value: 'KIND',
      about:
        'letter (of the agency head), call-back (to a number got out of band) or officer (who knows them).',
      required: true,
    },
    evidence: { value: 'TEXT', about: 'Where the evidence lies.', required: true },
    months: { value: 'N', about: 'How long it holds, at most 24; 12 when left out.' },
    'may-delegate': { about: 'They may let somebody act for them.' },
  },
  examples: [
    'ironbark appointment propose pat@acme.example --office cio --kind letter --evidence "file 12, letter of 3 May"',
  ],
  async run({ args, text, on, server, show }) {
    const api = server();
    const months = text('months');
    const { id } = await findPerson(api, args[0] ?? '');
    const json = newAppointment.parse({
      person: id,
      office: text('office'),
      evidenceKind: text('kind'),
      evidence: text('evidence'),
      ...(months !== undefined && { months: Number(months) }),
      mayDelegate: on('may-delegate'),
    });
    const made = await api.send('POST', '/api/appointments', { json }, appointment);
    show(
      made,
      () => `${made.person.name} is proposed as ${made.office}: ${made.id}. ${made.wanting} to verify it.`,
    );
  },
};
