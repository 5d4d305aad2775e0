// Heights of all rows, drawn or not: sums by a Fenwick tree, so that a row of 20,000 costs 15 steps.

export class Heights {
  constructor(values = []) {
    this.reset(values);
  }

  reset(values) {
    this.values = Float64Array.from(values);
    const count = this.values.length;
    this.tree = new Float64Array(count + 1);
    for (let i = 1; i <= count; i++) {
      this.tree[i] += this.values[i - 1];
      const parent = i + (i & -i);
      if (parent <= count) this.tree[parent] += this.tree[i];
    }
    this.top = 1;
    while (this.top * 2 <= count) this.top *= 2;
  }

  set(index, height) {
    const change = height - this.values[index];
    if (!change) return;
    this.values[index] = height;
    for (let i = index + 1; i < this.tree.length; i += i & -i) this.tree[i] += change;
  }

  /** Pixels above row `index`. */
  above(index) {
    let sum = 0;
    for (let i = index; i > 0; i -= i & -i) sum += this.tree[i];
    return sum;
  }

  total() {
    return this.above(this.values.length);
  }

  /** The row that stands at `pixels` from the top. */
  at(pixels) {
    let index = 0;
    let rest = pixels;
    for (let step = this.top; step > 0; step = Math.floor(step / 2)) {
      if (index + step < this.tree.length && this.tree[index + step] <= rest) {
        index += step;
        rest -= this.tree[index];
      }
    }
    return Math.min(index, this.values.length - 1);
  }
}
