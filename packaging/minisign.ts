import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** A pair of keys of Ed25519, as minisign has them. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** What `minisign -P` takes. */
  readonly publicKey: string;
}

/** @param pem a private key as `openssl genpkey -algorithm ed25519` writes it. */
export function readSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`Expected a private key of ed25519, got ${privateKey.asymmetricKeyType}`);
  }
  return {
    privateKey,
    publicKey: Buffer.concat([Buffer.from('Ed'), keyId(privateKey), rawPublicKey(privateKey)]).toString('base64'),
  };
}

/** A signature file of minisign, of the hash of the content: https://jedisct1.github.io/minisign/#signature-format */
export function minisign({ privateKey }: SigningKey, content: Buffer, trustedComment: string): string {
  const signature = sign(null, createHash('blake2b512').update(content).digest(), privateKey);
  const global = sign(null, Buffer.concat([signature, Buffer.from(trustedComment)]), privateKey);
  return `untrusted comment: signature of a release of lvs-exporter
${Buffer.concat([Buffer.from('ED'), keyId(privateKey), signature]).toString('base64')}
trusted comment: ${trustedComment}
${global.toString('base64')}
`;
}

/** The last 32 bytes of the structure that X.509 has for it, RFC 8410. */
function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
}

/** Eight bytes by which minisign finds the key. Any will do: these are the same for the same key. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(rawPublicKey(key)).digest().subarray(0, 8);
}
