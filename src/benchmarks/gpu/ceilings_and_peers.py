#!/usr/bin/env python3
"""Measures what one GPU can do at most, and what PyTorch and transformers reach on it.

    python3 ceilings_and_peers.py --out results.jsonl
    python3 ceilings_and_peers.py --sections ops,limits --out ops.jsonl
    python3 ceilings_and_peers.py --sections llama3-8b --compile --budget 300 --out compiled.jsonl

Sections, in this order unless --sections says otherwise:

    ops        which operators there are, what they do with keys in a shared pool, and how fast they are
    limits     matrix products, memory, attention and copies from the host: the ceilings
    clip       ViT-L/14 at 336 pixels with the sums of Dense Channel Integration
    siglip     so400m/14 at 384 pixels, the same
    llama-7b   prefill and decoding
    llama3-8b  prefill and decoding

Each measurement is one line of JSON with section, what, at (seconds since the start) and its figures, on stdout and
in --out; one that fails has error instead. Weights are random, nothing is loaded. After --budget seconds what is left
is skipped. The measurements run in a process of their own: one that ends it, or leaves the GPU in error, is reported
and left out, and the rest goes on in a new process. Needs PyTorch with CUDA and, for the models, transformers 5.
"""

import argparse
import contextlib
import functools
import gc
import importlib.metadata
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

torch = F = None  # imported by the process that measures
DEVICE = "cuda"
SPOILT = 75  # exit status: the GPU is in error, the rest needs a new process
CACHE = 400e6  # bytes that do not fit in any cache
SECTIONS = ("ops", "limits", "clip", "siglip", "llama-7b", "llama3-8b")

# vision towers; Dense Channel Integration takes the base as it is and the mean of each group of states
TOWERS = {
    "clip": {
        "names": ("CLIPVisionConfig", "CLIPVisionModel"),
        "config": {
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_hidden_layers": 24,
            "num_attention_heads": 16,
            "image_size": 336,
            "patch_size": 14,
            "hidden_act": "quick_gelu",
        },
        "base": 23,
        "groups": ((0, 11), (12, 23)),
        "class_tokens": 1,
    },
    "siglip": {
        "names": ("SiglipVisionConfig", "SiglipVisionModel"),
        "config": {
            "hidden_size": 1152,
            "intermediate_size": 4304,
            "num_hidden_layers": 27,
            "num_attention_heads": 16,
            "image_size": 384,
            "patch_size": 14,
            "hidden_act": "gelu_pytorch_tanh",
        },
        "base": 26,
        "groups": ((0, 12), (13, 25)),
        "class_tokens": 0,
    },
}
BATCHES = (1, 4, 16, 64)

LANGUAGE = {
    "llama-7b": {
        "hidden_size": 4096,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "intermediate_size": 11008,
        "vocab_size": 32000,
    },
    "llama3-8b": {
        "hidden_size": 4096,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "intermediate_size": 14336,
        "vocab_size": 128256,
    },
}
WINDOW = 1152  # tokens of a prefill
CONTEXT = 1216  # tokens of a sequence after its last step
STEPS = 32
WARM_STEPS = 4
SEQUENCES = (1, 8, 32, 64)


# ---- running and reporting


class Report:
    """Writes one line for each measurement, and leaves out those of an earlier process."""

    def __init__(self, out, state, begin, deadline):
        self.out, self.state, self.begin, self.deadline = out, state, begin, deadline
        self.skip = started(state)

    def line(self, section, what, **figures):
        values = {"section": section, "what": what, "at": round(time.time() - self.begin, 1)}
        text = json.dumps(values | plain(figures))
        print(text, flush=True)
        if self.out:
            with open(self.out, "a", encoding="utf-8") as file:
                file.write(text + "\n")

    def attempt(self, section, what, measure):
        """Runs measure, which returns a dict of figures, unless it was begun before or time is up."""
        key = f"{section}/{what}"
        if key in self.skip:
            return
        if time.time() > self.deadline:
            self.line(section, what, skipped="time is up")
            return
        note(self.state, "begin", key)
        failed = False
        try:
            with torch.no_grad():
                figures = measure()
            synchronize()
            self.line(section, what, **figures)
        except Exception as e:  # whatever it is, the others go on
            failed = True
            self.line(section, what, error=one_line(e))
        note(self.state, "end", key)
        gc.collect()
        if failed and spoilt():
            os._exit(SPOILT)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def plain(value):
    """Floats with five digits; what JSON does not know, as text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def one_line(e):
    text = " ".join(str(e).split())
    return f"{type(e).__name__}: {text[:400]}"


def synchronize():
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def spoilt():
    """Whether the GPU no longer answers."""
    try:
        torch.ones(8, device=DEVICE).sum().item()
        synchronize()
        return False
    except Exception:
        return True


def note(state, word, key):
    with open(state, "a", encoding="utf-8") as file:
        file.write(f"{word} {key}\n")


def noted(state, word):
    with open(state, encoding="utf-8") as file:
        return [line[len(word) + 1 :].rstrip("\n") for line in file if line.startswith(word + " ")]


def started(state):
    return set(noted(state, "begin"))


# ---- timing


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def event():
    return torch.cuda.Event(enable_timing=True)


def event_ms(call, repeats=20, warm_ups=3):
    """Milliseconds of each call on the GPU."""
    for _ in range(warm_ups):
        call()
    synchronize()
    pairs = [(event(), event()) for _ in range(repeats)]
    for begin, end in pairs:
        begin.record()
        call()
        end.record()
    synchronize()
    return [begin.elapsed_time(end) for begin, end in pairs]


def wall_ms(call, repeats=10, warm_ups=3):
    """Milliseconds of each call until the GPU has ended."""
    times = []
    for i in range(-warm_ups, repeats):
        synchronize()
        begin = time.perf_counter()
        call()
        synchronize()
        if i >= 0:
            times.append((time.perf_counter() - begin) * 1e3)
    return times


def captured(call, warm_ups=2):
    """A CUDA graph of the call and what the call returned while it was captured."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(warm_ups):
            call()
    torch.cuda.current_stream().wait_stream(side)
    synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = call()
    return graph, result


def micros(calls, least=20):
    """Microseconds of one of the calls, which go round so that what they read is not cached.

    us is without the gaps between launches, from a CUDA graph; us_eager is one call after the other.
    """
    rounds = math.ceil(least / len(calls))

    def around():
        for _ in range(rounds):
            for call in calls:
                call()

    count = rounds * len(calls)
    figures = {"us_eager": statistics.median(event_ms(around, 3, 1)) * 1e3 / count}
    try:
        graph, _ = captured(around, 1)
        figures["us"] = statistics.median(event_ms(graph.replay, 5, 1)) * 1e3 / count
    except Exception as e:
        figures["graph_error"] = one_line(e)
        figures["us"] = figures["us_eager"]
    return figures


def copies(size, limit=16):
    """How many things of so many bytes are more than a cache holds."""
    return max(2, min(limit, math.ceil(CACHE / size)))


def random(*shape, dtype=None):
    return torch.randn(*shape, dtype=dtype or torch.bfloat16, device=DEVICE)


def random_int8(*shape):
    return torch.randint(-127, 128, shape, dtype=torch.int8, device=DEVICE)


def ints(values):
    return torch.tensor(values, dtype=torch.int32, device=DEVICE)


def relative(value, reference):
    difference = (value.float() - reference.float()).norm() / reference.float().norm()
    return difference.item()


# ---- ops


def ops(report):
    attempt = functools.partial(report.attempt, "ops")
    attempt("versions", versions)
    attempt("schemas", schemas)
    attempt("TorchScript", torchscript)
    attempt("TorchScript compiles", torchscript_compiles)
    for heads in ((32, 8), (8, 8)):
        for rows in ((1, 1, 1), (5, 1, 3)):
            for causal in (False, True):
                what = f"pool {heads[0]}/{heads[1]} heads, {rows} rows, causal {causal}"
                attempt(what, functools.partial(pool_check, *heads, rows, causal, (1500, 40, 600)))
    attempt("pool shared places", functools.partial(pool_check, 32, 8, (5, 1, 3), True, (600, 600, 700)))
    attempt("pool shared places, 1 row", functools.partial(pool_check, 32, 8, (1, 1, 1), True, (600, 600, 700)))
    attempt("flash causal, fewer rows than keys", causal_corner)
    attempt("flash with fewer key heads", fewer_key_heads)
    for key_heads in (32, 8):
        for by_head in (True, False):
            layout = "by head" if by_head else "by place"
            attempt(f"pool time 32/{key_heads} heads, {layout}", functools.partial(pool_time, key_heads, by_head))
    for q, k in (((1, 32, 1), (1, 32, CONTEXT)), ((1, 8, 4), (1, 8, CONTEXT)), ((1, 32, 1), (1, 8, CONTEXT))):
        attempt(f"flash time {list(q)} on {list(k)}", functools.partial(flash_time, q, k))
    attempt("int8 _int_mm", int_mm)
    attempt("int8 _int_mm, weights first", functools.partial(int_mm, True))
    attempt("int8 _weight_int8pack_mm", int8_pack)
    attempt("fp8 _scaled_mm", scaled_mm)
    for shape in ((11008, 4096), (4096, 11008), (12288, 4096), (32000, 4096)):
        attempt(f"bf16 linear {list(shape)}", functools.partial(linear, *shape))


def versions():
    figures = {"python": sys.version.split()[0], "torch": torch.__version__, "cuda": torch.version.cuda}
    with contextlib.suppress(Exception):
        figures["transformers"] = importlib.metadata.version("transformers")
    properties = torch.cuda.get_device_properties(0)
    return figures | {
        "device": properties.name,
        "memory_gib": properties.total_memory / 2**30,
        "multiprocessors": properties.multi_processor_count,
        "cudnn": torch.backends.cudnn.version(),
    }


def schemas():
    names = (
        "_flash_attention_forward",
        "_scaled_dot_product_flash_attention",
        "_scaled_dot_product_efficient_attention",
        "_scaled_dot_product_cudnn_attention",
        "_weight_int8pack_mm",
        "_int_mm",
        "_scaled_mm",
        "rms_norm",
        "_fused_rms_norm",
        "_addmm_activation",
    )
    return {n: [str(s) for s in torch._C._jit_get_schemas_for_operator("aten::" + n)] for n in names}


def torchscript():
    all_schemas = [s for s in torch._C._jit_get_all_schemas() if s.name.startswith("cuda::")]
    figures = {"cuda_ops": [str(s) for s in all_schemas]}
    try:
        figures["Stream"] = repr(torch.classes.cuda.Stream)
    except Exception as e:
        figures["Stream"] = one_line(e)
    return figures


def torchscript_compiles():
    """What a TorchScript text may say of streams. Without the class Stream the compiler ends the process."""
    if not any(s.name == "cuda::default_stream" for s in torch._C._jit_get_all_schemas()):
        return {"compiles": "not tried: there are no such operators"}
    figures = {}
    texts = {
        "synchronize": "torch.cuda.synchronize()",
        "default_stream": "s = torch.cuda.default_stream(x.device)",
        "set_stream": "torch.cuda.set_stream(torch.cuda.default_stream(x.device))",
        "with_stream": "with torch.cuda.stream(torch.cuda.default_stream(x.device)):\n    x = x + 1",
    }
    for name, text in texts.items():
        try:
            unit = torch.jit.CompilationUnit(f"def f(x: Tensor) -> Tensor:\n  {text}\n  return x + 1\n")
            unit.f(torch.ones(2, device=DEVICE))
            figures[name] = True
        except Exception as e:
            figures[name] = one_line(e)[-200:]
    return figures


def attention(q, k, v, causal, corner="bottom right"):
    """Reference in float32: q [S, H, D], k and v [T, G, D] -> output [S, H, D], logsumexp [H, S]."""
    groups = q.size(1) // k.size(1)
    q = q.float().transpose(0, 1)
    k = k.float().repeat_interleave(groups, 1).transpose(0, 1)
    v = v.float().repeat_interleave(groups, 1).transpose(0, 1)
    scores = q @ k.transpose(1, 2) * q.size(2) ** -0.5
    rows, keys = scores.shape[1:]
    if causal:
        last = keys - rows if corner == "bottom right" else 0
        hidden = torch.ones(rows, keys, dtype=torch.bool, device=q.device).triu(last + 1)
        scores = scores.masked_fill(hidden, -math.inf)
    return (scores.softmax(2) @ v).transpose(0, 1), scores.logsumexp(2)


def pool_check(heads, key_heads, rows, causal, starts):
    """Ragged rows on keys at any places of a pool [1, G, places, D], NaN where no sequence has its own."""
    lengths, places, size = (300, 17, 700), 2048, 128
    keys, values = random(1, key_heads, places, size), random(1, key_heads, places, size)
    free = torch.ones(places, dtype=torch.bool, device=DEVICE)
    for start, length in zip(starts, lengths):
        free[start : start + length] = False
    keys[:, :, free] = math.nan
    values[:, :, free] = math.nan
    k, v = keys.transpose(1, 2)[0], values.transpose(1, 2)[0]  # [places, G, D], a view
    q = random(sum(rows), heads, size)
    bounds = [sum(rows[:i]) for i in range(len(rows) + 1)]
    output, logsumexp = torch.ops.aten._flash_attention_forward(
        q,
        k,
        v,
        ints(bounds),
        ints([*starts, places]),
        max(rows),
        max(lengths),
        0.0,
        causal,
        False,
        scale=size**-0.5,
        seqused_k=ints(lengths),
    )[:2]
    outputs, sums = [], []
    for i, (start, length) in enumerate(zip(starts, lengths)):
        own = slice(start, start + length)
        o, s = attention(q[bounds[i] : bounds[i + 1]], k[own], v[own], causal)
        outputs.append(o)
        sums.append(s)
    figures = {
        "nan": bool(output.isnan().any()),
        "max_error": (output.float() - torch.cat(outputs)).abs().max().item(),
        "per_sequence": [
            (output[bounds[i] : bounds[i + 1]].float() - o).abs().max().item() for i, o in enumerate(outputs)
        ],
        "lse_shape": list(logsumexp.shape),
    }
    shape = tuple(logsumexp.shape)
    if shape == (heads, sum(rows)):
        figures["lse_layout"] = "[H, rows]"
        figures["lse_error"] = (logsumexp - torch.cat(sums, 1)).abs().max().item()
    elif len(shape) == 3 and shape[:2] == (len(rows), heads):
        figures["lse_layout"] = "[sequences, H, most rows]"
        figures["lse_error"] = max((logsumexp[i, :, : n] - sums[i]).abs().max().item() for i, n in enumerate(rows))
    else:
        figures["lse_layout"] = "not known"
    return figures


def flash(q, k, v, causal=False):
    return torch.ops.aten._scaled_dot_product_flash_attention(
        q, k, v, 0.0, causal, False, scale=q.size(-1) ** -0.5
    )


def turned(x):
    return x[0].transpose(0, 1)  # [1, H, S, D] -> [S, H, D]


def causal_corner():
    q, k, v = random(1, 8, 5, 128), random(1, 8, 37, 128), random(1, 8, 37, 128)
    result = flash(q, k, v, True)
    figures = {"lse_shape": list(result[1].shape)}
    for corner in ("bottom right", "top left"):
        reference, _ = attention(turned(q), turned(k), turned(v), True, corner)
        figures[f"max_error {corner}"] = (turned(result[0]).float() - reference).abs().max().item()
    return figures


def fewer_key_heads():
    q, k, v = random(1, 32, 3, 128), random(1, 8, 37, 128), random(1, 8, 37, 128)
    result = flash(q, k, v)
    reference, sums = attention(turned(q), turned(k), turned(v), False)
    return {
        "max_error": (turned(result[0]).float() - reference).abs().max().item(),
        "lse_shape": list(result[1].shape),
        "lse_error": (result[1][0] - sums).abs().max().item(),
    }


def pool_time(key_heads, by_head):
    """One row for each sequence, WINDOW keys each, in a pool; the same by the operator for one rectangle."""
    most, heads, size = max(SEQUENCES), 32, 128
    shape = (key_heads, most * WINDOW, size) if by_head else (most * WINDOW, key_heads, size)
    keys, values = random(*shape), random(*shape)
    k, v = (keys.transpose(0, 1), values.transpose(0, 1)) if by_head else (keys, values)
    figures = {}
    for n in (1, 8, most):
        q, bounds, used = random(n, heads, size), ints(range(n + 1)), ints([WINDOW] * n)
        firsts = range(0, most, n) if n * 16 >= most else range(0, 16 * n, n)
        apart = [ints([(first + i) * WINDOW for i in range(n)] + [most * WINDOW]) for first in firsts]
        shared = [ints([0] * n + [most * WINDOW])]

        def call(starts):
            torch.ops.aten._flash_attention_forward(
                q, k, v, bounds, starts, 1, WINDOW, 0.0, False, False, scale=size**-0.5, seqused_k=used
            )

        bytes_read = n * WINDOW * key_heads * size * 4
        for name, starts in (("apart", apart), ("one prefix", shared)):
            times = micros([functools.partial(call, s) for s in starts])
            if name == "apart":
                times["gb_per_s"] = bytes_read / times["us"] / 1e3
            figures[f"{n} {name}"] = times
        if not by_head:
            q4 = q.view(n, heads, 1, size)
            rectangles = [
                tuple(x[f * WINDOW : (f + n) * WINDOW].view(n, WINDOW, key_heads, size).transpose(1, 2) for x in (k, v))
                for f in firsts
            ]

            def rectangle():
                times = micros([functools.partial(flash, q4, *kv) for kv in rectangles])
                return times | {"gb_per_s": bytes_read / times["us"] / 1e3}

            figures[f"{n} rectangle"] = tried(rectangle)
    return figures


def flash_time(q_shape, k_shape):
    q = random(*q_shape, 128)
    size = 4 * math.prod(k_shape) * 128
    pairs = [(random(*k_shape, 128), random(*k_shape, 128)) for _ in range(copies(size))]
    times = micros([functools.partial(flash, q, k, v) for k, v in pairs])
    return times | {"gb_per_s": size / times["us"] / 1e3}


def tried(measure):
    try:
        return measure()
    except Exception as e:
        if spoilt():
            raise
        return {"error": one_line(e)[:200]}


def int_mm(weights_first=False):
    """8-bit products of rows by weights [11008, 4096]."""
    n, k = 11008, 4096
    weights = [random_int8(n, k) for _ in range(copies(n * k))]
    figures = {}
    for rows in (1, 8, 16, 17, 32, 64):
        x = random_int8(rows, k)

        def call(w):
            return torch._int_mm(w, x.t()) if weights_first else torch._int_mm(x, w.t())

        def measure():
            result = call(weights[0])
            result = result.t() if weights_first else result
            # the sums of so many products are exact in float64 only
            wrong = (result.double() - x.double() @ weights[0].double().t()).abs().max().item()
            times = micros([functools.partial(call, w) for w in weights])
            return times | {"gb_per_s": n * k / times["us"] / 1e3, "max_error": wrong}

        figures[f"{rows} rows"] = tried(measure)
    return figures


def int8_pack():
    n, k = 11008, 4096
    weights = [random_int8(n, k) for _ in range(copies(n * k))]
    figures = {}
    bf16, fp32 = torch.bfloat16, torch.float32
    for x_type, scale_type in ((bf16, bf16), (bf16, fp32), (fp32, fp32)):
        scales = torch.rand(n, device=DEVICE).to(scale_type) / 100
        for rows in (1, 8):
            x = random(rows, k, dtype=x_type)

            def measure():
                reference = x.float() @ weights[0].float().t() * scales.float()
                error = relative(torch._weight_int8pack_mm(x, weights[0], scales), reference)
                times = micros([functools.partial(torch._weight_int8pack_mm, x, w, scales) for w in weights], 8)
                return times | {"gb_per_s": n * k / times["us"] / 1e3, "relative_error": error}

            figures[f"{rows} rows of {x_type}, scales {scale_type}"] = tried(measure)
    return figures


def scaled_mm():
    """Products in float8, one scale a row and one an output."""
    n, k = 11008, 4096
    float8 = torch.float8_e4m3fn
    weights = [random(n, k).to(float8) for _ in range(copies(n * k))]
    w_scales = torch.rand(1, n, device=DEVICE) + 0.5
    figures = {}
    for rows in (1, 8, 16, 32, 64):
        x = random(rows, k).to(float8)
        x_scales = torch.rand(rows, 1, device=DEVICE) + 0.5

        def call(w):
            return torch._scaled_mm(
                x, w.t(), scale_a=x_scales, scale_b=w_scales, out_dtype=torch.bfloat16, use_fast_accum=True
            )

        def measure():
            reference = x.float() @ weights[0].float().t() * x_scales * w_scales
            error = relative(call(weights[0]), reference)
            times = micros([functools.partial(call, w) for w in weights])
            return times | {"gb_per_s": n * k / times["us"] / 1e3, "relative_error": error}

        figures[f"{rows} rows"] = tried(measure)
    return figures


def linear(n, k):
    size = 2 * n * k
    weights = [random(n, k) for _ in range(copies(size))]
    figures = {}
    for rows in (1, 8, 32, 64):
        x = random(rows, k)
        times = micros([functools.partial(F.linear, x, w) for w in weights])
        figures[f"{rows} rows"] = times | {"gb_per_s": size / times["us"] / 1e3}
    return figures


# ---- limits


def limits(report):
    attempt = functools.partial(report.attempt, "limits")
    attempt("matmul bf16 8192", functools.partial(matmul, 8192, torch.bfloat16))
    attempt("matmul fp32 4096", functools.partial(matmul, 4096, torch.float32))
    attempt("matmul tf32 4096", functools.partial(matmul, 4096, torch.float32, "high"))
    attempt("matmul int8 8192", matmul_int8)
    attempt("matmul fp8 8192", matmul_float8)
    attempt("copy on the device", device_copy)
    attempt("read on the device", device_read)
    for backend in ("FLASH_ATTENTION", "CUDNN_ATTENTION", "EFFICIENT_ATTENTION"):
        for shape, causal in (((1, 32, 2048, 128), True), ((64, 16, 577, 64), False)):
            what = f"attention {backend} {list(shape)} causal {causal}"
            attempt(what, functools.partial(attention_rate, backend, shape, causal))
    attempt("copy from the host", host_copy)


def rate(flops, call):
    times = event_ms(call)
    return {"tflops": {k: flops / v / 1e9 for k, v in spread(times).items()}, "ms": statistics.median(times)}


def matmul(n, dtype, precision="highest"):
    a, b = random(n, n, dtype=dtype), random(n, n, dtype=dtype)
    torch.set_float32_matmul_precision(precision)
    try:
        return rate(2 * n**3, lambda: a @ b)
    finally:
        torch.set_float32_matmul_precision("highest")


def matmul_int8(n=8192):
    a, b = random_int8(n, n), random_int8(n, n).t()
    return rate(2 * n**3, lambda: torch._int_mm(a, b))


def matmul_float8(n=8192):
    a, b = random(n, n).to(torch.float8_e4m3fn), random(n, n).to(torch.float8_e4m3fn).t()
    one = torch.ones((), device=DEVICE)
    figures = {}
    for fast in (True, False):

        def call():
            return torch._scaled_mm(a, b, scale_a=one, scale_b=one, out_dtype=torch.bfloat16, use_fast_accum=fast)

        figures["fast sums" if fast else "exact sums"] = tried(lambda: rate(2 * n**3, call))
    return figures


def device_copy(size=2**32):
    a = torch.empty(size // 2, dtype=torch.bfloat16, device=DEVICE).normal_()
    b = torch.empty_like(a)
    times = event_ms(lambda: b.copy_(a))
    return {"gb_per_s": {k: 2 * size / v / 1e6 for k, v in spread(times).items()}}


def device_read(size=2**32):
    a = torch.empty(size // 2, dtype=torch.bfloat16, device=DEVICE).normal_()
    matrix, vector = a.view(-1, 8192), random(8192)
    whole, single = a.view(torch.int32), a.view(torch.float32)
    calls = {
        "sum of int32": lambda: whole.sum(),
        "sum of fp32": lambda: single.sum(),
        "sum of bf16": lambda: a.sum(),
        "greatest of int32": lambda: whole.amax(),
        "mv of bf16": lambda: torch.mv(matrix, vector),
    }
    figures = {}
    for name, call in calls.items():
        figures[name] = tried(lambda: {"gb_per_s": size / statistics.median(event_ms(call, 10)) / 1e6})
    return figures | {"best_gb_per_s": max(f.get("gb_per_s", 0.0) for f in figures.values())}


def attention_rate(backend, shape, causal):
    from torch.nn.attention import SDPBackend, sdpa_kernel

    q, k, v = (random(*shape) for _ in range(3))
    b, h, s, d = shape
    flops = 4 * b * h * s * s * d / (2 if causal else 1)
    with sdpa_kernel([getattr(SDPBackend, backend)]):
        return rate(flops, lambda: F.scaled_dot_product_attention(q, k, v, is_causal=causal))


def host_copy(size=2**29):
    target = torch.empty(size, dtype=torch.uint8, device=DEVICE)
    pageable = torch.randint(0, 256, (size // 512,), dtype=torch.uint8).repeat(512)
    pinned = pageable.pin_memory()
    sources = {"pinned": lambda: target.copy_(pinned, non_blocking=True), "pageable": lambda: target.copy_(pageable)}
    figures = {}
    for name, call in sources.items():
        figures[name] = {k: size / v / 1e6 for k, v in spread(wall_ms(call, 5, 1)).items()}
    figures["pinned, from the device"] = tried(
        lambda: {k: size / v / 1e6 for k, v in spread(wall_ms(lambda: pinned.copy_(target), 5, 1)).items()}
    )
    return {"gb_per_s": figures}


# ---- models


def unset():
    """A context in which transformers leaves weights as they are."""
    for module in ("transformers.initialization", "transformers.modeling_utils"):
        with contextlib.suppress(Exception):
            return __import__(module, fromlist=["no_init_weights"]).no_init_weights()
    return contextlib.nullcontext()


def built(names, config, **changes):
    """A model in bf16 with random weights, made on the device."""
    import transformers

    config_class, model_class = (getattr(transformers, name) for name in names)
    made = config_class(**config)
    for name, value in changes.items():
        setattr(made, name, value)
    made._attn_implementation = "sdpa"
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device(DEVICE), unset():
            model = model_class(made)
    finally:
        torch.set_default_dtype(before)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1 and name.endswith("bias"):
                parameter.zero_()
            elif parameter.dim() == 1 and "norm" in name:
                parameter.fill_(1)
            else:
                parameter.normal_(0, 0.02)
    return model.eval()


def joined(states, base, groups, skip):
    """Dense Channel Integration: base and the means of groups, beside each other, without class tokens."""
    parts = [states[base][:, skip:]]
    for first, last in groups:
        total = torch.zeros_like(states[base], dtype=torch.float32)
        for state in states[first : last + 1]:
            total.add_(state)
        parts.append((total / (last - first + 1)).to(states[base].dtype)[:, skip:])
    return torch.cat(parts, 2)


def tower_flops(config, blocks, class_tokens):
    width, patches = config["hidden_size"], (config["image_size"] // config["patch_size"]) ** 2
    tokens = patches + class_tokens
    block = 4 * width * width + 2 * width * config["intermediate_size"] + 2 * tokens * width
    return 2 * (blocks * tokens * block + 3 * config["patch_size"] ** 2 * width * patches)


def vision(report, name):
    tower = TOWERS[name]
    config, base, groups, skip = tower["config"], tower["base"], tower["groups"], tower["class_tokens"]
    whole = config["num_hidden_layers"]
    needed = max(base, *(last for _, last in groups))
    for blocks in (whole, needed):

        @functools.cache
        def model():
            if blocks == whole:
                return built(tower["names"], config)
            return built(tower["names"], config | {"num_hidden_layers": blocks}, vision_use_head=False)

        for graphed in (False, True) if blocks == needed else (False,):
            for batch in BATCHES:

                def measure():
                    tower_model = model()
                    pixels = random(batch, 3, config["image_size"], config["image_size"])

                    def call():
                        out = tower_model(pixel_values=pixels, output_hidden_states=True)
                        return joined(out.hidden_states, base, groups, skip)

                    if graphed:
                        graph, result = captured(call)
                        times = wall_ms(graph.replay)
                    else:
                        result = call()
                        times = wall_ms(call)
                    return {
                        "blocks": blocks,
                        "batch": batch,
                        "graph": graphed,
                        "attention": tower_model.config._attn_implementation,
                        "shape": list(result.shape),
                        "ms": spread(times),
                        "frames_per_s": spread([batch / t * 1e3 for t in times]),
                        "tflops": batch * tower_flops(config, blocks, skip) / statistics.median(times) / 1e9,
                    }

                what = f"{blocks} blocks, batch {batch}" + (", CUDA graph" if graphed else "")
                report.attempt(name, what, measure)
        model.cache_clear()


def language(report, name, compiled):
    config = LANGUAGE[name]

    @functools.cache
    def model():
        values = config | {"max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "tie_word_embeddings": False}
        return built(("LlamaConfig", "LlamaForCausalLM"), values)

    def build():
        begin = time.perf_counter()
        parameters = sum(p.numel() for p in model().parameters())
        synchronize()
        return {"parameters": parameters, "s": time.perf_counter() - begin}

    report.attempt(name, "build", build)
    for batch in (1, 8):
        report.attempt(name, f"prefill {batch} x {WINDOW}", lambda: prefill(model(), batch))
    variants = {"DynamicCache": dynamic_steps, "StaticCache": static_steps, "StaticCache, CUDA graph": graph_steps}
    if compiled:
        variants["StaticCache, compiled"] = compiled_steps
    for variant, steps in variants.items():
        for sequences in SEQUENCES:
            report.attempt(name, f"decode {sequences}, {variant}", lambda: steps(model(), sequences))
    model.cache_clear()
    if compiled:
        torch._dynamo.reset()


def prefill(model, batch):
    import transformers

    ids = torch.randint(0, model.config.vocab_size, (batch, WINDOW), device=DEVICE)

    def call():
        cache = transformers.DynamicCache(config=model.config)
        return model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1).logits

    times = wall_ms(call, 5 if batch == 1 else 3, 2 if batch == 1 else 1)
    return {
        "batch": batch,
        "ms": spread(times),
        "tokens_per_s": spread([batch * WINDOW / t * 1e3 for t in times]),
        "attention": model.config._attn_implementation,
    }


def head_size(config):
    return config.hidden_size // config.num_attention_heads


def filled():
    """Tokens of a sequence before the first step."""
    return CONTEXT - STEPS - WARM_STEPS


def stepped(step, sequences):
    """Runs steps one after the other without waiting in between."""
    torch.cuda.reset_peak_memory_stats()
    for _ in range(WARM_STEPS):
        step()
    synchronize()
    marks = [event() for _ in range(STEPS + 1)]
    begin = time.perf_counter()
    marks[0].record()
    for mark in marks[1:]:
        step()
        mark.record()
    synchronize()
    wall = (time.perf_counter() - begin) / STEPS * 1e3
    times = [a.elapsed_time(b) for a, b in zip(marks, marks[1:])]
    return {
        "sequences": sequences,
        "ms_per_step": spread(times),
        "wall_ms_per_step": wall,
        "tokens_per_s": sequences / wall * 1e3,
        "peak_gib": torch.cuda.max_memory_allocated() / 2**30,
    }


def first_tokens(model, sequences):
    return torch.randint(0, model.config.vocab_size, (sequences, 1), device=DEVICE)


def dynamic_steps(model, sequences):
    import transformers

    config = model.config
    cache = transformers.DynamicCache(config=config)
    shape = (sequences, config.num_key_value_heads, filled(), head_size(config))
    for layer in range(config.num_hidden_layers):
        cache.update(random(*shape), random(*shape), layer)
    token = first_tokens(model, sequences)

    def step():
        logits = model(input_ids=token, past_key_values=cache, use_cache=True).logits
        token.copy_(logits[:, -1].argmax(-1, keepdim=True))

    return stepped(step, sequences)


def static_cache(model, sequences):
    import transformers

    config = model.config
    cache = transformers.StaticCache(config=config, max_cache_len=CONTEXT)
    cache.early_initialization(
        sequences, config.num_key_value_heads, head_size(config), torch.bfloat16, torch.device(DEVICE)
    )
    for layer in cache.layers:
        layer.keys.normal_()
        layer.values.normal_()
    rewind(cache)
    return cache


def rewind(cache):
    for layer in cache.layers:
        layer.cumulative_length.fill_(filled())


def static_step(model, forward, cache, token):
    logits = forward(input_ids=token, past_key_values=cache, use_cache=True).logits
    token.copy_(logits[:, -1].argmax(-1, keepdim=True))


def static_steps(model, sequences):
    cache, token = static_cache(model, sequences), first_tokens(model, sequences)
    return stepped(lambda: static_step(model, model, cache, token), sequences)


def graph_steps(model, sequences):
    cache, token = static_cache(model, sequences), first_tokens(model, sequences)
    graph, _ = captured(lambda: static_step(model, model, cache, token))
    rewind(cache)
    return stepped(graph.replay, sequences)


def compiled_steps(model, sequences):
    cache, token = static_cache(model, sequences), first_tokens(model, sequences)
    forward = torch.compile(model.forward, mode="reduce-overhead", dynamic=False)

    def step():
        torch.compiler.cudagraph_mark_step_begin()
        static_step(model, forward, cache, token)

    begin = time.perf_counter()
    step()
    synchronize()
    compile_s = time.perf_counter() - begin
    for _ in range(2):
        step()
    rewind(cache)
    return stepped(step, sequences) | {"compile_s": compile_s}


# ---- the two processes


def measure_all(args):
    global torch, F
    report = Report(args.out, args.child, args.begin, args.deadline)
    import torch
    import torch.nn.functional as F

    if not torch.cuda.is_available():
        report.line("all", "begin", error=f"PyTorch {torch.__version__} finds no GPU")
        sys.exit(1)
    gc.freeze()  # each CUDA graph begins with a collection
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("highest")
    for section in args.sections:
        if section == "ops":
            ops(report)
        elif section == "limits":
            limits(report)
        elif section in TOWERS:
            vision(report, section)
        else:
            language(report, section, args.compile)


def supervise(args):
    begin = time.time()
    deadline = begin + args.budget
    if args.out:
        open(args.out, "w", encoding="utf-8").close()
    handle, state = tempfile.mkstemp()
    os.close(handle)
    report = Report(args.out, state, begin, deadline)
    command = [sys.executable, "-W", "ignore", os.path.abspath(__file__), "--child", state]
    command += ["--begin", str(begin), "--deadline", str(deadline), "--sections", ",".join(args.sections)]
    command += ["--out", args.out] if args.out else []
    command += ["--compile"] if args.compile else []
    settings = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "TOKENIZERS_PARALLELISM": "false"}
    status = 1
    try:
        for _ in range(10):
            known = len(noted(state, "begin"))
            child = subprocess.Popen(command, env=os.environ | settings)
            try:
                status = child.wait(max(1, deadline + args.grace - time.time()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                status = "killed, time is up"
            finally:
                if child.poll() is None:
                    child.kill()
            keys, ended = noted(state, "begin"), set(noted(state, "end"))
            for key in keys[known:]:
                if key not in ended:
                    section, what = key.split("/", 1)
                    report.line(section, what, error=f"its process ended: {status}")
            if status == 0 or isinstance(status, str) or len(keys) == known:
                break
        report.line("all", "end", status=status)
    finally:
        os.unlink(state)
    return 0 if status == 0 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sections", default=",".join(SECTIONS), help="some of " + ",".join(SECTIONS))
    parser.add_argument("--out", help="file that gets the lines too")
    parser.add_argument("--compile", action="store_true", help="decode with torch.compile too, which takes minutes")
    parser.add_argument("--budget", type=float, default=100, help="seconds after which nothing more is begun")
    parser.add_argument("--grace", type=float, default=20, help="seconds more until what runs is stopped")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--begin", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--deadline", type=float, help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.sections = [s for s in args.sections.split(",") if s]
    unknown = set(args.sections) - set(SECTIONS)
    if unknown:
        parser.error("unknown sections: " + ", ".join(sorted(unknown)))
    if args.child:
        measure_all(args)
        return 0
    return supervise(args)


if __name__ == "__main__":
    sys.exit(main())
