// Reads {graph, starts} on stdin and writes the graph with places: node layout.js FOLDER_OF_ELKJS < question > placed
//
// ELK finds few crossings by starting from a random order, so the picture depends on the seed. Here it starts several
// times, and the best picture counts: few crossings, headings free, short lines, no wider than a page shows.
const { readFileSync } = require("node:fs");
const ELK = require(`${process.argv[2]}/lib/elk.bundled.js`);

const WIDTH = 1000;

function edgesOf(graph) {
  return [...(graph.edges ?? []), ...(graph.children ?? []).flatMap(edgesOf)];
}

function segmentsOf(edge) {
  const ends = [edge.sources[0], edge.targets[0]];
  return (edge.sections ?? []).flatMap((section) => {
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    return points.slice(1).map((to, place) => ({ from: points[place], to, ends }));
  });
}

const between = (value, one, other) => value > Math.min(one, other) + 1 && value < Math.max(one, other) - 1;

function cross(one, other) {
  // Lines that share an end run together for a while, and that is no crossing.
  if (one.ends.some((end) => other.ends.includes(end))) return false;
  const flat = (line) => Math.abs(line.from.y - line.to.y) < 0.5;
  if (flat(one) === flat(other)) return false;
  const [across, down] = flat(one) ? [one, other] : [other, one];
  return between(down.from.x, across.from.x, across.to.x) && between(across.from.y, down.from.y, down.to.y);
}

function headingsOf(graph) {
  const own = graph.heading ? [{ x: graph.x, y: graph.y, width: graph.heading }] : [];
  return [...own, ...(graph.children ?? []).flatMap(headingsOf)];
}

function strikes(line, heading) {
  const within = line.from.x > heading.x && line.from.x < heading.x + heading.width;
  const top = Math.min(line.from.y, line.to.y);
  return within && line.from.x === line.to.x && top < heading.y + 34 && Math.max(line.from.y, line.to.y) > heading.y + 4;
}

function cost(placed) {
  const segments = edgesOf(placed).flatMap(segmentsOf);
  const headings = headingsOf(placed);
  const struck = segments.filter((line) => headings.some((heading) => strikes(line, heading))).length;
  let crossings = 0;
  let length = 0;
  segments.forEach((one, place) => {
    length += Math.abs(one.from.x - one.to.x) + Math.abs(one.from.y - one.to.y);
    for (const other of segments.slice(place + 1)) if (cross(one, other)) crossings += 1;
  });
  const tooWide = Math.max(0, placed.width - WIDTH);
  return struck * 200 + crossings * 200 + length / 10 + segments.length * 4 + tooWide * 8 + placed.width / 2 + placed.height / 2;
}

const PLACEMENTS = ["NETWORK_SIMPLEX", "BRANDES_KOEPF"];

async function placedFrom(graph, start) {
  const options = {
    "elk.randomSeed": String(1 + Math.floor(start / PLACEMENTS.length)),
    "elk.layered.nodePlacement.strategy": PLACEMENTS[start % PLACEMENTS.length],
  };
  const copy = structuredClone(graph);
  return new ELK().layout({ ...copy, layoutOptions: { ...copy.layoutOptions, ...options } });
}

async function best(graph, starts) {
  let found;
  for (const start of starts) {
    const placed = await placedFrom(graph, start);
    const price = cost(placed);
    if (found === undefined || price < found.price) found = { price, placed, start };
  }
  return { ...found.placed, start: found.start };
}

const { graph, starts } = JSON.parse(readFileSync(0, "utf8"));
best(graph, starts).then(
  (placed) => process.stdout.write(JSON.stringify(placed)),
  (error) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
