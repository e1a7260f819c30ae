/** A git address as it may be recorded and shown: a name and password in it are secrets, and so may its query be. */
export function withoutCredentials(address: string): string {
  const [, scheme = "", authority = "", rest = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/is.exec(address) ?? [];
  if (scheme === "") return address;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  // By ssh the name is part of the address (git@...) and a password is not.
  const name = /ssh/i.test(scheme) ? authority.slice(0, -host.length).replace(/:.*@$/, "@") : "";
  return `${scheme}://${name}${host}${rest.replace(/[?#].*$/s, "")}`;
}
