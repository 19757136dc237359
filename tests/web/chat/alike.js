// Of items, rows, choices and marks of a drawing that are alike, two stay: axe says of the tenth what it says of the second.
// Alike are two with the same elements in them, each with the same class and state and with the same attributes.
(() => {
  const said = new Set(["class", "role", "type"]);
  const shapes = new WeakMap();
  const shape = (one) => {
    const attributes = [...one.attributes].map(({ name, value }) =>
      said.has(name) ? `${name}=${value}` : `${name} ${value ? "filled" : "empty"}`,
    );
    const words = [...one.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
    return JSON.stringify([one.tagName, words, attributes.sort(), [...one.children].map((each) => shapes.get(each))]);
  };
  const thin = (one) => {
    const met = new Map();
    for (const each of [...one.children]) {
      thin(each);
      const often = (met.get(shapes.get(each)) ?? 0) + 1;
      met.set(shapes.get(each), often);
      if (often > 2 && each.matches("li, tr, option, svg *")) each.remove();
    }
    shapes.set(one, shape(one));
  };
  thin(document.body);
})();
