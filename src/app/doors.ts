import type { DoorSettings } from '#soc/ingest';
import type { Core } from './core.ts';

/** The doors that the configuration asks for. */
export function doorsOf({ config, tls }: Pick<Core, 'config' | 'tls'>): DoorSettings[] {
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
