#!/usr/bin/env python3
"""Serves a tiny language model of random weights by llama.cpp's own server (xllamacpp, from PyPI).

    foreign-server.py MODEL.gguf     makes the file if it is not there, prints two URLs (chat, embeddings), serves till killed

The model speaks nonsense: what is tried on it is the protocol, not the answers. Answers that must have a form get it
from a grammar, which the workflow sends in extra_body.
"""
import os
import signal
import sys

TEMPLATE = (
    "{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}\n{% endfor %}<s>assistant\n"
)


def make(path):
    import gguf
    import numpy

    draw = numpy.random.default_rng(7)
    width, heads, inner, layers = 64, 4, 128, 2
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL] + [gguf.TokenType.BYTE] * 256
    for text in ["▁"] + [chr(code) for code in range(33, 127)]:
        tokens.append(text)
        kinds.append(gguf.TokenType.NORMAL)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(8192)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(TEMPLATE)

    def tensor(name, *shape, value=None):
        data = numpy.ones(shape) if value else draw.normal(0, 0.5, shape)
        writer.add_tensor(name, data.astype(numpy.float32))

    tensor("token_embd.weight", len(tokens), width)
    tensor("output_norm.weight", width, value=1)
    tensor("output.weight", len(tokens), width)
    for layer in range(layers):
        block = f"blk.{layer}."
        tensor(block + "attn_norm.weight", width, value=1)
        tensor(block + "ffn_norm.weight", width, value=1)
        for name in ["attn_q", "attn_k", "attn_v", "attn_output"]:
            tensor(f"{block}{name}.weight", width, width)
        tensor(block + "ffn_gate.weight", inner, width)
        tensor(block + "ffn_up.weight", inner, width)
        tensor(block + "ffn_down.weight", width, inner)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def serve(path, embeds):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {"random"}
    params.n_ctx = 16384
    params.n_parallel = 4
    params.n_predict = 256
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.use_jinja = True
    params.port = 0
    if embeds:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    return xllamacpp.Server(params)


def main():
    path = sys.argv[1]
    if not os.path.exists(path):
        make(path)
    servers = [serve(path, False), serve(path, True)]
    for server in servers:
        print(server.listening_address, flush=True)
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    os._exit(0)


main()
