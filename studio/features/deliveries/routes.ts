import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readBoardSearch } from "./board/board-search.ts";
import { readArtifactSearch } from "./delivery/artifacts/artifact-search.ts";
import { readPlaceSearch } from "./delivery/place-search.ts";
import { readTimelineSearch } from "./delivery/timeline/timeline-search.ts";

export function deliveryRoutes<Root extends AnyRoute>(root: Root) {
  const board = createRoute({
    getParentRoute: () => root,
    path: "/deliveries",
    validateSearch: readBoardSearch,
    component: lazyRouteComponent(() => import("./board/board.tsx"), "Board"),
  });
  const delivery = createRoute({
    getParentRoute: () => root,
    path: "/deliveries/$traceId/$moduleId",
    component: lazyRouteComponent(() => import("./delivery/delivery.tsx"), "Delivery"),
  });
  const overview = createRoute({
    getParentRoute: () => delivery,
    path: "/",
    component: lazyRouteComponent(() => import("./delivery/overview/overview.tsx"), "Overview"),
  });
  const timeline = createRoute({
    getParentRoute: () => delivery,
    path: "/timeline",
    validateSearch: readTimelineSearch,
    component: lazyRouteComponent(() => import("./delivery/timeline/timeline.tsx"), "Timeline"),
  });
  const artifacts = createRoute({
    getParentRoute: () => delivery,
    path: "/artifacts",
    validateSearch: readArtifactSearch,
    component: lazyRouteComponent(() => import("./delivery/artifacts/artifacts.tsx"), "Artifacts"),
  });
  const pipeline = createRoute({
    getParentRoute: () => delivery,
    path: "/pipeline",
    component: lazyRouteComponent(() => import("./delivery/pipeline/pipeline.tsx"), "Pipeline"),
  });
  const rollout = createRoute({
    getParentRoute: () => delivery,
    path: "/rollout",
    validateSearch: readPlaceSearch,
    component: lazyRouteComponent(() => import("./delivery/rollout/rollout.tsx"), "Rollout"),
  });
  const logs = createRoute({
    getParentRoute: () => delivery,
    path: "/logs",
    validateSearch: readPlaceSearch,
    component: lazyRouteComponent(() => import("./delivery/logs/logs.tsx"), "Logs"),
  });
  const spans = createRoute({
    getParentRoute: () => delivery,
    path: "/spans",
    component: lazyRouteComponent(() => import("./delivery/spans/spans.tsx"), "Spans"),
  });
  const failure = createRoute({
    getParentRoute: () => delivery,
    path: "/failure",
    component: lazyRouteComponent(() => import("./delivery/failure/failure.tsx"), "Failure"),
  });
  const parts = [overview, timeline, artifacts, pipeline, rollout, logs, spans, failure] as const;
  return [board, delivery.addChildren(parts)] as const;
}
