/** A TCP link to the test's PostgreSQL that can be cut and mended: a database that goes away and comes back. */
import net from "node:net";

export interface DatabaseLink {
  /** The database's address by way of the link. */
  url: string;
  /** Ends every connection, and each new one at once. */
  cut(): void;
  mend(): void;
  /** Connections that were tried since the link was cut. */
  triedInVain(): number;
  close(): Promise<void>;
}

export async function openDatabaseLink(databaseUrl: string): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const open = new Set<net.Socket>();
  let isCut = false;
  let tried = 0;
  const server = net.createServer((near) => {
    if (isCut) {
      tried += 1;
      near.destroy();
      return;
    }
    const far = net.connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as net.AddressInfo).port);
  url.hostname = "127.0.0.1";
  const dropAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      isCut = true;
      tried = 0;
      dropAll();
    },
    mend() {
      isCut = false;
    },
    triedInVain: () => tried,
    async close() {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
