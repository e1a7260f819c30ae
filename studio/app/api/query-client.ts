/** What was read from the server, kept until an event says that it changed. */
import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "./problem.ts";

/** Refusals do not become answers by asking again; a connection that was cut does. */
const attempts = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      retry: (failed, error) => failed < attempts && problemOf(error).code === "Offline",
    },
    mutations: { retry: false },
  },
});
