// What a test asks of an open page: the contrast of every text, and how its drawings' texts lie. Returns findings.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const cache = new Map();
  const rgba = (colour) => {
    if (!cache.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      cache.set(colour, [...canvas.getImageData(0, 0, 1, 1).data].map((v, i) => (i === 3 ? v / 255 : v)));
    }
    return cache.get(colour);
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = (element) => {
    if (!element) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(element.parentElement));
  };
  const filled = (shape, x, y) =>
    shape.tagName === "rect" || shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse()));
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const findings = [];
  const ratios = new Map();
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || ["STYLE", "SCRIPT", "title", "desc"].includes(element.tagName) || !shown(element)) continue;
    count += 1;
    const style = getComputedStyle(element);
    let under;
    const svg = element.closest("svg");
    if (svg) {
      // What is drawn last below the middle of the text, among the shapes that came before it.
      const box = element.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      under = ground(svg.parentElement);
      for (const shape of svg.querySelectorAll("rect, path, circle")) {
        const r = shape.getBoundingClientRect();
        const before = shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
        const fill = getComputedStyle(shape).fill;
        if (before && fill !== "none" && !fill.startsWith("url") && r.left <= x && x <= r.right && r.top <= y && y <= r.bottom && filled(shape, x, y)) {
          const paint = [...rgba(fill)];
          paint[3] *= Number(getComputedStyle(shape).fillOpacity) * Number(getComputedStyle(shape).opacity);
          under = over(paint, under);
        }
      }
    } else under = ground(element);
    const ink = over(rgba(svg ? style.fill : style.color), under);
    const key = `${ink} ${under}`;
    if (!ratios.has(key)) ratios.set(key, contrast(ink, under));
    if (ratios.get(key) < 4.5) findings.push(`${ratios.get(key).toFixed(2)}: ${text.slice(0, 40)}`);
  }
  for (const svg of document.querySelectorAll("svg[role=img]")) {
    if (!shown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([text, b], index) => {
      if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)
        findings.push(`drawn outside its frame: ${text}`);
      for (const [other, o] of boxes.slice(index + 1)) {
        const along = Math.min(b.right, o.right) - Math.max(b.left, o.left);
        const down = Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top);
        if (along > 1 && down > Math.min(b.height, o.height) / 2) findings.push(`drawn over one another: ${text} | ${other}`);
      }
    });
  }
  return { count, findings };
}
