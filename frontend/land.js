// The outlines of land on earth, from Natural Earth (public domain), as rings of longitude and latitude.
import world from "world-atlas/land-110m.json";

/** Returns an arc of the file, whose points are whole numbers, each told by its distance from the one before. */
function arcOf(index) {
  const { scale, translate } = world.transform;
  let [x, y] = [0, 0];
  const points = world.arcs[index < 0 ? ~index : index].map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  return index < 0 ? points.reverse() : points;
}

/** Returns the rings of all land. */
export function landRings() {
  const shapes = world.objects.land.geometries ?? [world.objects.land];
  const polygons = shapes.flatMap(({ type, arcs }) => (type === "Polygon" ? [arcs] : arcs));
  return polygons.flatMap((rings) => rings.map((arcs) => arcs.flatMap((arc, place) => arcOf(arc).slice(place ? 1 : 0))));
}
