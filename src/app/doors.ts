import { readFileSync } from 'node:fs';
import type { Config } from '#platform/config';
import type { DoorSettings } from '#soc/ingest';

/** The doors that the configuration asks for. */
export function doorsOf(config: Config): DoorSettings[] {
  const tls =
    config.tlsCertificate === undefined || config.tlsKey === undefined
      ? undefined
      : {
          certificate: readFileSync(config.tlsCertificate, 'utf8'),
          key: readFileSync(config.tlsKey, 'utf8'),
        };
  const { bulkListen, syslogListen, syslogTlsListen } = config;
  return [
    ...(bulkListen ? [{ id: 'bulk', kind: 'bulk' as const, ...bulkListen, tls }] : []),
    ...(syslogListen
      ? [
          { id: 'syslog-udp', kind: 'syslog-udp' as const, ...syslogListen },
          { id: 'syslog-tcp', kind: 'syslog-tcp' as const, ...syslogListen },
        ]
      : []),
    ...(syslogTlsListen ? [{ id: 'syslog-tls', kind: 'syslog-tls' as const, ...syslogTlsListen, tls }] : []),
  ];
}
