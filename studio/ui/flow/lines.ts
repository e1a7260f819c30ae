/** Lines of a picture: points that a way goes by, and the curve through them. */

export interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
  height: number;
}

/** A way from or to a group begins or ends at the group's border, and not at the member that it was laid out by. */
export function cutAt(
  points: Point[],
  { begin, end }: { begin: Box | undefined; end: Box | undefined },
): Point[] {
  const left = begin === undefined ? points : outside(points, begin);
  return end === undefined ? left : outside(left.toReversed(), end).toReversed();
}

/** Without what lies in the box before the line leaves it; all of it where it never does. */
function outside(points: Point[], box: Box): Point[] {
  const first = points.findIndex((point) => !isIn(point, box));
  const [out, last] = [points[first], points[first - 1]];
  return out === undefined || last === undefined ? points : [border(last, out, box), ...points.slice(first)];
}

function isIn({ x, y }: Point, box: Box): boolean {
  return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
}

/** Where the way from a point inside to one outside crosses. */
function border(inside: Point, out: Point, box: Box): Point {
  const [dx, dy] = [out.x - inside.x, out.y - inside.y];
  const shares = [
    dx === 0 ? 1 : ((dx > 0 ? box.x + box.width : box.x) - inside.x) / dx,
    dy === 0 ? 1 : ((dy > 0 ? box.y + box.height : box.y) - inside.y) / dy,
  ];
  const share = Math.min(...shares);
  return { x: inside.x + dx * share, y: inside.y + dy * share };
}

const radius = 16;

/** As an SVG path: straight, and round where it bends. */
export function curve(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "";
  const bends = points.slice(1, -1).map((point, index) => {
    const begin = towards(point, points[index] ?? point);
    const end = towards(point, points[index + 2] ?? point);
    return `L ${begin.x} ${begin.y} Q ${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return [`M ${first.x} ${first.y}`, ...bends, `L ${last.x} ${last.y}`].join(" ");
}

/** A little way to the other point, half of it at most. */
function towards(point: Point, other: Point): Point {
  const length = Math.hypot(other.x - point.x, other.y - point.y);
  const share = length === 0 ? 0 : Math.min(radius / length, 0.5);
  return { x: point.x + (other.x - point.x) * share, y: point.y + (other.y - point.y) * share };
}
