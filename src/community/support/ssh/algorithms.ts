import type { Algorithms } from 'ssh2';

/** Both ways. SOURCE: ISM-0472 to ISM-0475, ISM-0479 to ISM-0481, ISM-1766; what OpenSSH 8 and later offers of them. */
export const algorithms: Algorithms = {
  kex: ['ecdh-sha2-nistp384', 'ecdh-sha2-nistp521', 'ecdh-sha2-nistp256', 'curve25519-sha256'],
  serverHostKey: [
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'ecdsa-sha2-nistp256',
    'ssh-ed25519',
    'rsa-sha2-512',
  ],
  cipher: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr'],
  hmac: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  compress: ['none'],
};
