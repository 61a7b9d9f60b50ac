// Words that tell no page from another.
export const IDLE = new Set(
  `a activation activations an and are as at be best by can difference do does f for from function functions how
  i in is it its me my nn of on or should that the to use used uses versus vs what when where which who why with you
  your`.split(/\s+/),
);

// By the anchors of sections: words by which readers ask for what stands there, and which its heading and
// its first sentences lack.
export const ASKED = new Map(Object.entries({
  definition: 'derivative gradient formula equation second',
  facts: 'range minimum maximum lipschitz monotone convex smooth limits roots kinks integral gain',
  numerics: 'accuracy precision tolerance error errors ulp float16 bfloat16 float32 half overflow underflow signed zero infinity',
  'what-to-watch-for': 'nan inf traps problems pitfalls bug wrong',
  'history-and-papers': 'introduced invented proposed origin author authors paper year citation cite',
  strengths: 'advantages pros benefits',
  weaknesses: 'disadvantages cons drawbacks',
  'in-torch': 'pytorch example code implementation arguments parameters default inplace usage',
  'same-function-elsewhere': 'jax flax keras tensorflow onnx mlx transformers timm equivalent',
  'dying-units': 'dead neurons',
  smoothness: 'kink kinks corner differentiable subgradient',
  'by-layer': 'output last final regression classification binary multiclass probability',
  'by-kind-of-model': 'transformer cnn mlp rnn lstm vision language',
  'by-constraint': 'speed fast slow cost mobile phone half float16 bfloat16',
  'a-paper': 'bibtex citation',
  'text-plots-and-data': 'cite figure picture image svg png licence license reuse',
  samples: 'reference values expected csv',
}));
