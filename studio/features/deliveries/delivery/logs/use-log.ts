/** A log as it grows: the newest lines, however many come, drawn a few times a second. */
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../../../app/api/api.ts";
import { type Problem, problemOf } from "../../../../app/api/problem.ts";

export interface LogLine {
  line: string;
  releaseId: string;
  instance: number;
  at?: string;
  /** Place in what this window has read; tells two equal lines apart. */
  number: number;
}

interface LogPlace {
  environment: string | undefined;
  moduleId: string;
  releaseId: string | undefined;
}

const most = 5_000;
const tail = 500;
const drawEveryMs = 200;

export function useLog({ environment, moduleId, releaseId }: LogPlace) {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [dropped, setDropped] = useState(0);
  const [waiting, setWaiting] = useState(0);
  const [paused, setPaused] = useState(false);
  const [state, setState] = useState<"connecting" | "following" | "lost">("connecting");
  const [problem, setProblem] = useState<Problem>();
  const arrived = useRef<LogLine[]>([]);
  const hold = useRef(paused);
  hold.current = paused;

  const draw = useCallback(() => {
    if (hold.current) return setWaiting(arrived.current.length);
    if (arrived.current.length === 0) return;
    const fresh = arrived.current;
    arrived.current = [];
    setWaiting(0);
    setLines((before) => [...before, ...fresh].slice(-most));
  }, []);

  useEffect(() => {
    setLines([]);
    setDropped(0);
    setProblem(undefined);
    arrived.current = [];
    if (environment === undefined) return;
    let count = 0;
    const asked = new URLSearchParams({ tail: String(tail), ...(releaseId !== undefined && { releaseId }) });
    const source = new EventSource(`/api/v1/logs/${environment}/${moduleId}?${asked}`);
    source.onopen = () => {
      // What is told again from its tail stands here once.
      arrived.current = [];
      setLines([]);
      setState("following");
    };
    source.addEventListener("line", ({ data }) => {
      arrived.current.push({ ...(JSON.parse(String(data)) as Omit<LogLine, "number">), number: ++count });
      if (arrived.current.length > most) arrived.current.shift();
      setDropped(Math.max(0, count - most));
    });
    source.onerror = () => {
      setState("lost");
      if (source.readyState === EventSource.CLOSED)
        void whyNot({ environment, moduleId, releaseId }).then(setProblem);
    };
    const timer = setInterval(draw, drawEveryMs);
    return () => {
      source.close();
      clearInterval(timer);
    };
  }, [environment, moduleId, releaseId, draw]);

  return {
    lines,
    dropped,
    waiting,
    paused,
    state,
    problem,
    toggle: () => setPaused(!paused),
    clear: () => setLines([]),
  };
}

/** A stream that is refused does not say why; the same question without the stream does. */
async function whyNot({ environment = "", moduleId, releaseId }: LogPlace): Promise<Problem | undefined> {
  const { error } = await api.GET("/logs/{environment}/{moduleId}", {
    params: {
      path: { environment, moduleId },
      query: { tail: 1, ...(releaseId !== undefined && { releaseId }) },
    },
  });
  return error === undefined ? undefined : problemOf(error);
}
