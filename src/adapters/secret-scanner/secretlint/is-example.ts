/**
 * Addresses with a password in them that cannot be anybody's: of this machine, or of names that are reserved for
 * documentation and tests (RFC 2606, RFC 6761). Examples in READMEs and tests are nearly all of this kind.
 */
const reserved = /(^|\.)(example(\.(com|org|net))?|localhost|test|invalid|local)$/;
const loopback = /^(127(\.\d+){3}|0\.0\.0\.0|\[::1\])$/;

export function isExample(address: string): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*@(\[[^\]]*\]|[^\s/:?#"'`,;)]+)/i.exec(address)?.[1];
  return host !== undefined && (reserved.test(host.toLowerCase()) || loopback.test(host));
}
