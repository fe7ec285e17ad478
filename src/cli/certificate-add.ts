import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { certificateDetail, newCertificate } from '#contract/governance/certificates';
import { at, query } from './client.ts';
import type { Command } from './command.ts';

const day = (text: string | undefined): string | null =>
  text === undefined ? null : /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00.000Z` : text;

export const command: Command = {
  name: 'certificate add',
  summary: 'Record an IRAP assessment, an ISO/IEC 27001 certificate, a hosting certification or another.',
  options: {
    scheme: { value: 'SCHEME', about: 'irap, iso-27001, hosting or other.', required: true },
    title: { value: 'TITLE', about: 'What it is called.', required: true },
    scope: { value: 'TEXT', about: 'The scope statement, as it is written.', required: true },
    assessor: { value: 'NAME', about: 'The organisation that assessed.', required: true },
    issued: { value: 'DAY', about: 'Like 2026-05-31.', required: true },
    expires: { value: 'DAY', about: 'Where it states an end. IRAP: 24 months after its issue, if earlier.' },
    number: { value: 'NUMBER', about: "The certificate's number." },
    level: { value: 'LEVEL', about: 'hosting: certified-strategic, certified-assured or uncertified.' },
    classification: { value: 'WORD', about: 'Up to which it was assessed: PROTECTED.' },
    edition: { value: 'FRAMEWORK:VERSION', about: 'Assessed against: ism:2025.12.9.' },
    'surveillance-months': { value: 'N', about: 'How often the assessor comes back; iso-27001: 12.' },
    environment: { value: 'ID', about: 'A system in scope. Can be repeated.', many: true },
    service: { value: 'ID|NAME', about: 'A service in scope. Can be repeated.', many: true },
    site: { value: 'NAME', about: 'A site in scope. Can be repeated.', many: true },
    asset: { value: 'ID|NAME', about: 'An information asset in scope. Can be repeated.', many: true },
    report: { value: 'FILE', about: 'The report, kept as it is.' },
  },
  examples: [
    'ironbark certificate add --scheme irap --title "IRAP of the PROTECTED cloud" --scope "All of it." --assessor "Banksia Assessors" --issued 2026-05-31 --environment pdce --service iaas --edition ism:2025.12.9 --report report.pdf',
  ],
  async run({ text, texts, server, show }) {
    const scheme = text('scheme');
    const months = text('surveillance-months') ?? (scheme === 'iso-27001' ? '12' : undefined);
    const [framework = '', version = ''] = text('edition')?.split(':') ?? [];
    const json = newCertificate.parse({
      scheme,
      title: text('title'),
      number: text('number'),
      classification: text('classification'),
      level: text('level') ?? null,
      scope: {
        statement: text('scope'),
        environments: texts('environment'),
        services: texts('service'),
        sites: texts('site'),
        assets: texts('asset'),
      },
      assessor: { organisation: text('assessor') },
      edition: text('edition') === undefined ? null : { framework, version },
      issuedAt: day(text('issued')),
      expiresAt: day(text('expires')),
      surveillanceMonths: months === undefined ? null : Number(months),
    });
    const api = server();
    let one = await api.send('POST', '/api/certificates', { json }, certificateDetail);
    const report = text('report');
    if (report !== undefined)
      one = await api.send(
        'PUT',
        `${at`/api/certificates/${one.id}/report`}${query({ name: basename(report) })}`,
        { bytes: readFileSync(report), type: 'application/octet-stream' },
        certificateDetail,
      );
    show(one, () => `${one.title}: ${one.state}, ${one.warnings.length} warnings. Its id: ${one.id}`);
  },
};
