/**
 * A listening socket of another router. The moment it arrives it takes connections here too, before there is
 * anybody to serve them: they are held, and given to the front when that is there.
 */
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Server, Socket } from "node:net";

export interface SharedListener {
  giveTo(front: HttpServer): Promise<void>;
}

/** To be called as soon as the socket has arrived. */
export function shareListener(listening: Server): SharedListener {
  const early: Socket[] = [];
  listening.on("connection", (socket: Socket) => early.push(socket.on("error", () => {})));
  return {
    async giveTo(front) {
      await once(front.listen(listening), "listening");
      for (const socket of early.splice(0)) front.emit("connection", socket);
    },
  };
}
