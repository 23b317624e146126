"""The search of a study: Optuna proposes settings from earlier trials, and tells which trial falls behind."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from recdesk.training.config import WIDTH, Bert4RecConfig, BertConfig, RunConfig, TextConfig

if TYPE_CHECKING:
    import optuna

WARM_UP = 2
"""Number of rungs before pruning begins in a trial, and of trials before pruning begins in the study."""
RANDOM_TRIALS = 5
"""Ended trials before proposals follow from them."""
Point = dict[str, Any]
"""Value of each setting of the search space."""


class Search:
    """An Optuna study in memory, made anew from the trials whenever one is begun.

    Args:
        space: see `search_space`.
        seed: of proposals.
    """

    def __init__(self, space: Mapping[str, Any], seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._space = dict(space)
        self._study: optuna.Study = optuna.create_study(
            direction="maximize",
            sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=RANDOM_TRIALS, constant_liar=True),
            pruner=optuna.pruners.MedianPruner(n_startup_trials=WARM_UP, n_warmup_steps=WARM_UP),
        )
        self._under_way: dict[str, _Trial] = {}
        self._proposed: optuna.trial.Trial | None = None

    def add_ended(self, point: Point, best: float, rungs: Mapping[int, float], pruned: bool) -> None:
        """Add a trial that has ended: its best validation NDCG@10 in the end and at each rung."""
        import optuna

        state = optuna.trial.TrialState.PRUNED if pruned else optuna.trial.TrialState.COMPLETE
        self._study.add_trial(
            optuna.create_trial(
                state=state,
                value=best,
                params=point,
                distributions=self._space,
                intermediate_values=dict(rungs),
            )
        )

    def add_running(self, name: str, point: Point, best: float, rungs: Mapping[int, float]) -> None:
        """Add a trial that is under way: its best validation NDCG@10 so far, -1 for none, and at each rung. Proposals
        keep away from its settings."""
        self._study.enqueue_trial(point)
        trial = self._under_way[name] = _Trial(self._study.ask(self._space))
        for rung, reached in sorted(rungs.items()):
            trial.report(rung, reached)
        trial.report(0, best)

    def propose(self) -> Point:
        """Settings for another trial, floats with three significant digits; `begin` follows."""
        self._proposed = self._study.ask(self._space)
        return _rounded(self._proposed.params)

    def begin(self, name: str) -> None:
        """The trial with the settings proposed last is under way under this name."""
        assert self._proposed is not None
        self._under_way[name] = _Trial(self._proposed)

    def falls_behind(self, name: str, rung: int, ndcg: float) -> bool:
        """Note an evaluation of a trial, after so many rungs; True if the trial should be pruned."""
        trial = self._under_way.get(name)
        return trial is not None and trial.report(rung, ndcg)


class _Trial:
    """A trial under way, as Optuna follows it."""

    def __init__(self, trial: "optuna.trial.Trial") -> None:
        self._trial, self._reported, self._best = trial, 0, -1.0

    def report(self, rung: int, ndcg: float) -> bool:
        """See `Search.falls_behind`."""
        self._best = max(self._best, ndcg)
        while self._reported < rung:
            self._reported += 1
            self._trial.report(self._best, self._reported)
        return rung > 0 and self._trial.should_prune()


def search_space(base: RunConfig, longest: int, hidden: int = WIDTH) -> dict[str, Any]:
    """The search space: an Optuna distribution by setting.

    Args:
        base: settings of the first trial.
        longest: length of the longest history, which bounds `max_length`.
        hidden: vector size of `base`, with "automatic" resolved.
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    lengths = [n for n in (20, 50, 100, 200) if n < 2 * longest] or [20]
    space: dict[str, Any] = {
        "learning_rate": FloatDistribution(3e-4, 4e-3, log=True),
        "dropout": FloatDistribution(0.05, 0.65),
        "weight_decay": FloatDistribution(1e-3, 0.3, log=True),
        "label_smoothing": FloatDistribution(0.0, 0.2),
        "max_length": CategoricalDistribution(sorted({*lengths, base.max_length})),
    }
    if isinstance(base, TextConfig) and base.start_from:
        del space["max_length"]  # sizes must be those of the run that it starts from
    elif isinstance(base, BertConfig):
        space["hidden"] = CategoricalDistribution(sorted({32, 64, 128, hidden}))
        space["layers"] = IntDistribution(1, max(3, base.layers))
    if isinstance(base, Bert4RecConfig):
        space["mask_probability"] = FloatDistribution(0.15, 0.7)
        space["mask_last_probability"] = FloatDistribution(0.0, 0.6)
    return space


def _rounded(values: Mapping[str, Any]) -> Point:
    """Settings with floats rounded to three significant digits, for readability."""
    return {name: float(f"{value:.3g}") if isinstance(value, float) else value for name, value in values.items()}
