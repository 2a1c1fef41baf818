"""One copy of a model on its GPUs: its bytes, and what a GPU computes in the precision asked for."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from hostwise.economics.catalogue.gpus import GPU
from hostwise.economics.models.model import Model
from hostwise.economics.numbers.numbers import least, most

BITS = {"fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "fp4": 4, "int4": 4}
"""Bits a weight, by precision."""
STORED = {16: Decimal(16), 8: Decimal(8), 4: Decimal("4.5")}
"""Bits that a weight takes: four-bit weights have their scales beside them (a 70B takes 40 GB, not 35)."""
GIGA = Decimal(10) ** 9
GIBI = Decimal(2) ** 30
"""What makers mean by a GB of memory, and only of memory."""
ZERO, ONE = Decimal(0), Decimal(1)
LATENT_HEAD = 160
"""Values a head multiplies where attention is latent: 192 for keys and 128 for values, as DeepSeek-V3 has them."""


class Replica(Struct, frozen=True):
    """One copy of a model on `gpus` GPUs; `precision` is that of the weights, `cache_bits` of the KV cache."""

    model: Model
    gpu: GPU
    gpus: Decimal
    precision: str
    cache_bits: int = 16
    engine: str = "vllm"
    beside: Decimal = Decimal(0)
    """Bytes of what the same GPUs hold too: other models, adapters."""
    adapters: Decimal = Decimal(0)
    """Adapters that are served side by side, 0 where there is no choice of them."""

    @property
    def bits(self) -> int:
        """Bits a weight."""
        return BITS[self.precision]

    @property
    def weight_bytes(self) -> Decimal:
        """Bytes of the weights."""
        return self.model.parameters * GIGA * STORED[self.bits] / 8

    @property
    def held_bytes(self) -> Decimal:
        """Bytes of the weights, and of what stands beside them."""
        return self.weight_bytes + self.beside

    @property
    def expert_bytes(self) -> Decimal:
        """Bytes of the routed experts, of which a step reads those that its tokens are sent to."""
        return (self.model.expert_parameters or ZERO) * GIGA * STORED[self.bits] / 8

    @property
    def copies(self) -> Decimal:
        """How often the cache is held: KV heads are copied where GPUs outnumber them; a latent cache is not."""
        if self.model.latent_cache:
            return ONE
        return most(self.gpus / self.model.kv_heads, ONE)

    @property
    def attention_size(self) -> int:
        """Values that a head multiplies for each pair of tokens."""
        return LATENT_HEAD if self.model.latent_cache else self.model.head_size

    def attended(self, tokens: Decimal) -> Decimal:
        """Tokens before it that a token attends to, over all layers: a window ends where it ends."""
        return self.model.full_layers * tokens + self.model.window_layers * self._in_window(tokens)

    def cache_bytes(self, tokens: Decimal) -> Decimal:
        """Bytes of cache of a request that holds so many tokens, on all GPUs."""
        model = self.model
        values = model.full_layers * tokens * model.cache_values
        if model.window_layers:
            values += model.window_layers * self._in_window(tokens) * model.window_cache_values
        return values * self.copies * self.cache_bits / 8

    def _in_window(self, tokens: Decimal) -> Decimal:
        return least(tokens, Decimal(self.model.window)) if self.model.window else ZERO

    def room(self, reserve: Decimal) -> Decimal:
        """Bytes left for the cache once the weights and a reserved share are taken; negative if they do not fit."""
        return self.gpu.memory * GIBI * self.gpus * (1 - reserve) - self.held_bytes


def arithmetic(gpu: GPU, precision: str) -> tuple[str, bool]:
    """The unit of a GPU that multiplies such weights, and whether it takes them as they are stored.

    Four bits, and eight-bit integers, are unpacked to 16 bits where a GPU has no unit for them.
    """
    bits = BITS[precision]
    if bits == 16:
        return "bits16", True
    return (precision, True) if precision in gpu.tflops else ("bits16", False)
