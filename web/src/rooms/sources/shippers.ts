import type { Doors, Source } from '#contract/soc/sources';

export type Shipper = {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
};
type Door = Doors['doors'][number];
type Subject = Pick<Source, 'id' | 'authentication'>;

/** Settings to copy, for every way this source may send through a door that is open. */
export function shippersFor(source: Subject, secret: string, doors: Doors): Shipper[] {
  const { authentication } = source;
  if (authentication.kind === 'listener') {
    const open = doors.doors.filter((door) => door.kind !== 'bulk');
    const own = open.filter((door) => door.id === authentication.listener);
    return (own.length > 0 ? own : open).flatMap(syslogShippers);
  }
  return doors.doors
    .filter((door) => door.kind === 'bulk')
    .flatMap((door) => bulkShippers(source, secret, door));
}

function bulkShippers(source: Subject, secret: string, door: Door): Shipper[] {
  const scheme = door.tls ? 'https' : 'http';
  const address = `${scheme}://${door.host}:${door.port}`;
  const by = credentials(source, secret);
  const tlsNote = door.tls ? '\n  # ssl.certificate_authorities: ["/path/to/ca.pem"]' : '';
  return [
    {
      id: 'filebeat',
      name: 'Filebeat, Winlogbeat',
      file: 'filebeat.yml or winlogbeat.yml',
      text: `output.elasticsearch:
  hosts: ["${address}"]
  ${by.beats}${tlsNote}

setup.template.enabled: false
setup.ilm.enabled: false`,
    },
    {
      id: 'rsyslog',
      name: 'rsyslog',
      file: '/etc/rsyslog.d/60-ironbark.conf',
      text: `module(load="omelasticsearch")
template(name="ironbark" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
action(type="omelasticsearch"
  server="${address}" searchIndex="ironbark" searchType="" bulkmode="on" maxbytes="8m"
  ${by.rsyslog}
  template="ironbark" retryfailures="on" retryruleset="ironbark-retry"
  queue.type="linkedList" queue.filename="ironbark" queue.maxDiskSpace="1g" queue.saveOnShutdown="on"
  action.resumeRetryCount="-1")
ruleset(name="ironbark-retry") { stop }`,
    },
    {
      id: 'syslog-ng',
      name: 'syslog-ng',
      file: '/etc/syslog-ng/conf.d/ironbark.conf',
      text: `destination d_ironbark {
  http(
    url("${address}/_bulk") method("POST")
    headers("Content-Type: application/x-ndjson", "${by.header}")
    batch-lines(500) batch-timeout(1000) workers(2)
    body-prefix("") delimiter("\\n") body-suffix("\\n")
    body("{\\"create\\":{}}\\n$(format-json --scope rfc5424 --exclude DATE @timestamp=\${ISODATE})")
    disk-buffer(disk-buf-size(1073741824) reliable(yes))
  );
};
log { source(s_src); destination(d_ironbark); };`,
    },
    {
      id: 'fluent-bit',
      name: 'Fluent Bit',
      file: 'fluent-bit.conf',
      text: `[OUTPUT]
    Name                es
    Match               *
    Host                ${door.host}
    Port                ${door.port}
    tls                 ${door.tls ? 'On' : 'Off'}
    ${by.fluentBit}
    Suppress_Type_Name  On
    Generate_ID         On
    Retry_Limit         False`,
    },
    {
      id: 'vector',
      name: 'Vector',
      file: 'vector.yaml',
      text: `sinks:
  ironbark:
    type: elasticsearch
    inputs: ["your_source"]
    endpoints: ["${address}"]
    api_version: v8
    mode: bulk
    bulk: { action: create }
    request_retry_partial: true
    buffer: { type: disk, max_size: 1073741824 }
    ${by.vector}`,
    },
    {
      id: 'curl',
      name: 'Try it with curl',
      file: 'a shell',
      text: `printf '%s\\n' '{"create":{}}' '{"@timestamp":"'$(date -u +%FT%TZ)'","message":"hello from curl"}' |
  curl -sS -H 'Content-Type: application/x-ndjson' -H '${by.header}' \\
    --data-binary @- ${address}/_bulk`,
    },
    ...(source.authentication.kind === 'token' ? [sendFiles(secret)] : []),
  ];
}

/** The command knows tokens only. */
const sendFiles = (token: string): Shipper => ({
  id: 'send',
  name: 'ironbark send',
  file: 'a shell, for files: NDJSON, EVTX as JSON, Zeek, EVE, CloudTrail, plain lines',
  text: `ironbark send events.ndjson --token ${token}`,
});

type Credentials = { beats: string; rsyslog: string; header: string; fluentBit: string; vector: string };

function credentials({ id, authentication }: Subject, secret: string): Credentials {
  if (authentication.kind === 'client-certificate') {
    return {
      beats: 'ssl.certificate: "/path/to/client.pem"\n  ssl.key: "/path/to/client.key"',
      rsyslog: 'usehttps="on" tls.mycert="/path/to/client.pem" tls.myprivkey="/path/to/client.key"',
      header: 'X-Shipper: ironbark',
      fluentBit: 'tls.crt_file        /path/to/client.pem\n    tls.key_file        /path/to/client.key',
      vector: 'tls: { crt_file: /path/to/client.pem, key_file: /path/to/client.key }',
    };
  }
  if (authentication.kind === 'basic') {
    const user = authentication.username;
    return {
      beats: `username: "${user}"\n  password: "${secret}"`,
      rsyslog: `uid="${user}" pwd="${secret}"`,
      header: `Authorization: Basic ${btoa(`${user}:${secret}`)}`,
      fluentBit: `HTTP_User           ${user}\n    HTTP_Passwd         ${secret}`,
      vector: `auth: { strategy: basic, user: "${user}", password: "${secret}" }`,
    };
  }
  // A token also fits where a shipper knows only user and password: any user name, the token as the password.
  return {
    beats: `api_key: "${id}:${secret}"`,
    rsyslog: `uid="${id}" pwd="${secret}"`,
    header: `Authorization: Bearer ${secret}`,
    fluentBit: `HTTP_User           ${id}\n    HTTP_Passwd         ${secret}`,
    vector: `auth: { strategy: basic, user: "${id}", password: "${secret}" }`,
  };
}

function syslogShippers(door: Door): Shipper[] {
  const protocol = door.kind === 'syslog-udp' ? 'udp' : 'tcp';
  const tls = door.kind === 'syslog-tls';
  return [
    {
      id: `rsyslog-${door.id}`,
      name: `rsyslog, ${tls ? 'TLS' : protocol.toUpperCase()}`,
      file: '/etc/rsyslog.d/60-ironbark.conf',
      text: `action(type="omfwd" target="${door.host}" port="${door.port}" protocol="${protocol}" template="RSYSLOG_SyslogProtocol23Format"${
        protocol === 'tcp'
          ? `
  TCP_Framing="octet-counted"${tls ? ' StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name"' : ''}
  queue.type="linkedList" queue.filename="ironbark" queue.maxDiskSpace="1g" queue.saveOnShutdown="on"
  action.resumeRetryCount="-1"`
          : ''
      })`,
    },
    {
      id: `syslog-ng-${door.id}`,
      name: `syslog-ng, ${tls ? 'TLS' : protocol.toUpperCase()}`,
      file: '/etc/syslog-ng/conf.d/ironbark.conf',
      text: `destination d_ironbark {
  syslog("${door.host}" port(${door.port}) transport("${tls ? 'tls' : protocol}")${tls ? '\n    tls(ca-file("/path/to/ca.pem"))' : ''}${protocol === 'tcp' ? '\n    disk-buffer(disk-buf-size(1073741824) reliable(yes))' : ''});
};
log { source(s_src); destination(d_ironbark); };`,
    },
  ];
}
