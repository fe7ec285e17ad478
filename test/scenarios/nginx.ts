import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const nginxProgram = '/usr/sbin/nginx';

/** A portal behind a real nginx that asks a gate before each request, set up as docs/gate.md shows it. */
export type Portal = {
  /** As a client in Australia (203.0.113.20), unless `from` says otherwise. */
  visit(user: string, from?: string): Promise<{ status: number; text: string }>;
  /** How many requests the portal itself has seen. */
  served(): number;
  stop(): void;
};

export async function startPortal(of: {
  readonly gate: string;
  readonly authorization: string;
  readonly tenancy: string;
}): Promise<Portal> {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-nginx-'));
  let served = 0;
  const upstream = createServer((_request, response) => {
    served++;
    response.end('the portal\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => upstream.once('listening', resolve));
  const port = await freePort();
  const behind = (upstream.address() as AddressInfo).port; // it listens on TCP
  writeFileSync(join(folder, 'nginx.conf'), configuration({ ...of, folder, port, upstream: behind }));
  const nginx: ChildProcess = spawn(nginxProgram, ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: 'ignore',
  });
  const visit: Portal['visit'] = async (user, from = '203.0.113.20') => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { 'x-user': user, 'x-signed-in': new Date().toISOString(), 'x-test-client': from },
    });
    return { status: answer.status, text: await answer.text() };
  };
  for (let tries = 0; !(await visit('nobody').then(Boolean, () => false)); tries++) {
    if (tries > 400) throw new Error('nginx did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    visit,
    served: () => served,
    stop: () => {
      nginx.kill('SIGTERM');
      upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo; // it listens on TCP
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Who signed in, and since when, is the portal's own proxy to say; here the test says it in headers. */
const configuration = (of: {
  folder: string;
  port: number;
  upstream: number;
  gate: string;
  authorization: string;
  tenancy: string;
}): string => `
daemon off;
pid ${of.folder}/nginx.pid;
error_log ${of.folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${of.folder}/body;
  proxy_temp_path ${of.folder}/proxy;
  fastcgi_temp_path ${of.folder}/fastcgi;
  uwsgi_temp_path ${of.folder}/uwsgi;
  scgi_temp_path ${of.folder}/scgi;
  server {
    listen 127.0.0.1:${of.port};
    location / {
      auth_request /gate;
      auth_request_set $gate_reason $upstream_http_x_gate_reason;
      error_page 403 = @denied;
      proxy_pass http://127.0.0.1:${of.upstream};
    }
    location = /gate {
      internal;
      proxy_pass ${of.gate}/access/v1/nginx;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Cookie "";
      proxy_set_header Authorization "${of.authorization}";
      proxy_set_header X-Forwarded-For $http_x_test_client;
      proxy_set_header X-Gate-Subject $http_x_user;
      proxy_set_header X-Gate-Action portal.use;
      proxy_set_header X-Gate-Tenancy ${of.tenancy};
      proxy_set_header X-Gate-Session-Began $http_x_signed_in;
      proxy_set_header X-Gate-Session-Active $http_x_signed_in;
    }
    location @denied {
      default_type text/plain;
      return 403 "$gate_reason\\n";
    }
  }
}`;
