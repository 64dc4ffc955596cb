"""The engine beside negmas, numpy, scipy's HiGHS, lifelines and scikit-learn, on the same seeded instances.

Run by bin/bench-engine: peers.py ANSWER [negotiate | plan | ages | forecast …], where ANSWER is the engine's example of that
name. Every part prints one Markdown table; what must agree is asserted.
"""
import json
import math
import random
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")
ANSWER, ONLY = sys.argv[1], sys.argv[2:]
HERE = Path(tempfile.mkdtemp(prefix="engine-peers-"))
SHARED = next((path for up in ("..", "../..") if (path := Path(up, "shared/data/qualification/b2b-deals.csv")).exists()), None)


def ours(kind, document, *arguments):
    """The engine's answer, and its milliseconds."""
    path = document
    if not isinstance(document, Path):
        path = HERE / f"{kind}.json"
        path.write_text(json.dumps(document))
    done = subprocess.run([ANSWER, kind, path, *arguments], capture_output=True, check=False, text=True)
    if done.returncode:
        sys.exit(f"{kind}: {done.stderr}")
    return json.loads(done.stdout)


def timed(run, times=3):
    best, answer = math.inf, None
    for _ in range(times):
        start = time.perf_counter()
        answer = run()
        best = min(best, time.perf_counter() - start)
        if best > 2:
            break
    return answer, best * 1e3


def table(title, *heads):
    print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")


def row(*cells):
    print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


def figure(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def frontiers():
    from negmas import LinearAdditiveUtilityFunction, make_issue, make_os
    from negmas.preferences import pareto_frontier

    table("The Pareto frontier of additive values (ms)", "packages", "sameside", "numpy, all packages",
          "negmas", "numpy ÷ ours", "negmas ÷ ours", "points")
    for issues in (3, 4, 5, 6):
        draw = random.Random(issues)
        company = [[draw.randrange(1000) for _ in range(10)] for _ in range(issues)]
        client = [[draw.randrange(1000) for _ in range(10)] for _ in range(issues)]
        document = {"issues": [{"name": f"i{i}", "options": [
            {"name": f"o{o}", "company": company[i][o], "client": client[i][o]} for o in range(10)]} for i in range(issues)]}
        answer = ours("negotiate", document)
        mine = {(round(p["company"]), round(p["client"])) for p in answer["answer"]["frontier"]}

        def by_numpy():
            a, b = np.zeros(1), np.zeros(1)
            for i in range(issues):
                a = (a[:, None] + np.array(company[i])[None, :]).ravel()
                b = (b[:, None] + np.array(client[i])[None, :]).ravel()
            order = np.lexsort((-b, -a))
            a, b = a[order], b[order]
            best = np.maximum.accumulate(b)
            kept = np.concatenate([[True], b[1:] > best[:-1]])
            return {(int(x), int(y)) for x, y in zip(a[kept], b[kept])}

        theirs, numpy_ms = timed(by_numpy)
        assert theirs == mine, "the frontiers differ"
        space = make_os([make_issue([f"o{o}" for o in range(10)], f"i{i}") for i in range(issues)])

        def by_negmas():
            functions = [LinearAdditiveUtilityFunction(
                values=[{f"o{o}": float(values[i][o]) for o in range(10)} for i in range(issues)],
                weights=[1.0] * issues, outcome_space=space) for values in (company, client)]
            points, _ = pareto_frontier(functions, outcomes=list(space.enumerate_or_sample(max_cardinality=10**issues)),
                                        sort_by_welfare=False)
            return {(round(x), round(y)) for x, y in points}

        theirs, negmas_ms = timed(by_negmas, times=1)
        assert theirs == mine, "the frontiers differ"
        ms = answer["milliseconds"]
        row(f"10^{issues}", figure(ms), figure(numpy_ms), figure(negmas_ms), figure(numpy_ms / ms), figure(negmas_ms / ms),
            len(mine))


def week(seed, members, per_member, grouped, groups, cared, clients, weight):
    """Actions of which about half fit; a share of them in groups and for clients, both across members."""
    draw = random.Random(seed)
    actions = []
    for m in range(members):
        for a in range(per_member):
            action = {"id": f"{m}.{a}", "member": f"m{m}", "hours": draw.randrange(2, 33) / 4, "value": draw.randrange(1000)}
            if groups and draw.random() < grouped:
                action["group"] = f"g{draw.randrange(groups)}"
            if clients and draw.random() < cared:
                action["care"] = f"c{draw.randrange(clients)}"
            actions.append(action)
    hours = round(sum(a["hours"] for a in actions) / members / 2)
    return {"members": [{"name": f"m{m}", "hours": hours} for m in range(members)], "actions": actions,
            "care_floor": {"weight": weight}}


def by_highs(document, seconds):
    """The same as a mixed integer program: its best plan, its bound, and whether it was proved."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    actions, weight = document["actions"], document["care_floor"]["weight"]
    clients = sorted({a["care"] for a in actions if "care" in a})
    groups = sorted({a["group"] for a in actions if "group" in a})
    members = [m["name"] for m in document["members"]]
    number = {("m", name): i for i, name in enumerate(members)}
    number |= {("g", name): len(number) + i for i, name in enumerate(groups)}
    number |= {("c", name): len(number) + i for i, name in enumerate(clients)}
    client_column = {name: len(actions) + i for i, name in enumerate(clients)}
    rows, columns, values = [], [], []
    for at, a in enumerate(actions):
        for key, value in (("m", a["hours"]), ("g", 1), ("c", -1)):
            name = a["member"] if key == "m" else a.get("group" if key == "g" else "care")
            if name is not None:
                rows.append(number[key, name]), columns.append(at), values.append(value)
    for name in clients:  # cared ≤ Σ actions that care
        rows.append(number["c", name]), columns.append(client_column[name]), values.append(1)
    upper = [m["hours"] for m in document["members"]] + [1] * len(groups) + [0] * len(clients)
    width = len(actions) + len(clients)
    cost = [-a["value"] for a in actions] + [-weight] * len(clients)
    found = milp(cost, integrality=np.ones(width), bounds=Bounds(0, 1),
                 constraints=LinearConstraint(coo_array((values, (rows, columns)), shape=(len(number), width)), ub=upper),
                 options={"time_limit": seconds, "mip_rel_gap": 0})
    lost = weight * len(clients)
    best = -found.fun - lost if found.x is not None else -math.inf
    return best, -found.mip_dual_bound - lost, found.status == 0


def plans():
    table("A plan beside the exact solver HiGHS (a minute at most)", "actions × members", "tied by", "sameside ms", "HiGHS ms",
          "HiGHS ÷ ours", "short of HiGHS's best", "our gap", "bound holds", "price of care")
    # members, actions each, share in groups, groups, share that care, clients, weight of care
    sizes = [(1, 20, 0, 0, 0, 0, 0), (1, 30, .3, 4, .3, 5, 800), (2, 30, .5, 12, .5, 15, 800), (4, 30, .5, 25, .5, 30, 800),
             (4, 30, .9, 40, .9, 40, 800), (10, 30, .5, 60, .5, 75, 800), (10, 30, .9, 100, .9, 100, 800),
             (1, 50, 0, 0, 0, 0, 0), (10, 50, .3, 30, .3, 60, 800), (10, 100, .3, 50, .3, 100, 800),
             (20, 100, .3, 100, .3, 200, 800), (100, 100, 0, 0, 0, 0, 0), (100, 100, .2, 1000, .33, 2000, 1000)]
    for at, (members, each, grouped, groups, cared, clients, weight) in enumerate(sizes):
        document = week(at, members, each, grouped, groups, cared, clients, weight)
        mine = ours("plan", document)
        answer, ms = mine["answer"], mine["milliseconds"]
        (best, bound, proved), highs_ms = timed(lambda: by_highs(document, 60), times=1)
        # HiGHS takes a value for whole within 1e-6.
        tolerance = 1e-6 * abs(best) + 1e-6
        holds = answer["upper_bound"] >= best - tolerance and answer["objective"] <= bound + tolerance
        short = (best - answer["objective"]) / abs(best)
        row(f"{each} × {members}", f"{groups} groups, {clients} clients", figure(ms), figure(highs_ms) + ("" if proved else " (stopped)"),
            figure(highs_ms / ms), f"{100 * short:.4f}%", f"{100 * answer['gap']:.4f}%", "yes" if holds else "NO",
            figure(answer["price_of_care"]))
        assert holds, "a bound that is none"


def ages():
    from lifelines import AalenJohansenFitter

    table("How deals end as they age (Aalen–Johansen)", "deals", "sameside ms", "lifelines ms", "lifelines ÷ ours",
          "greatest difference of the share won")
    for n in (500, 5_000, 20_000):
        draw = random.Random(n)
        durations, events = [], []
        for _ in range(n):
            won, lost, seen = draw.expovariate(1 / 150), draw.expovariate(1 / 90), draw.randrange(1, 700)
            age = math.ceil(min(won, lost))
            durations.append(min(age, seen)), events.append(0 if age > seen else 1 if won < lost else 2)
        path = HERE / "ages.csv"
        words = ("open", "won", "lost")
        path.write_text("".join(f"{age},{words[event]}\n" for age, event in zip(durations, events)))
        mine = ours("ages", path)

        def by_lifelines():
            fitter = AalenJohansenFitter(jitter_level=1e-3, seed=1, calculate_variance=False)
            fitter.fit(np.array(durations, float), np.array(events), event_of_interest=1)
            return fitter.cumulative_density_

        theirs, ms = timed(by_lifelines, times=1)
        times, shares = theirs.index.to_numpy(), theirs.iloc[:, 0].to_numpy()
        # lifelines moves tied times a little apart: what was won up to a day is what it says half a day later.
        difference = max(abs(shares[np.searchsorted(times, day + 0.5) - 1] - share)
                         for day, share in zip(mine["answer"]["days"], mine["answer"]["won"]))
        assert difference < 0.01, difference
        row(f"{n:,}", figure(mine["milliseconds"]), figure(ms), figure(ms / mine["milliseconds"]), f"{difference:.1e}")


def forecasts():
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    import pandas

    def pipeline(levels, numbers, cs, folds):
        parts = [("levels", OneHotEncoder(handle_unknown="ignore"), levels), ("numbers", StandardScaler(), numbers)]
        return make_pipeline(ColumnTransformer(parts), LogisticRegressionCV(Cs=cs, cv=folds, scoring="neg_log_loss", max_iter=300))

    strengths = [1 / s for s in (300, 100, 30, 15, 8, 4, 2, 1, .3)]
    table("Learning from 100,000 deals with 20 columns, the strength chosen by 5 folds (ms)", "what", "sameside, from CSV",
          "scikit-learn, from CSV", "scikit-learn ÷ ours")
    draw = np.random.default_rng(1)
    n = 100_000
    frame, score = {}, np.full(n, -.3)
    for at in range(10):
        answer = draw.integers(0, at + 2, n)
        score += np.where(answer == 0, .4, -.1)
        frame[f"column{at}"] = [f"answer{a}" for a in answer]
    for at in range(10, 20):
        x = draw.normal(size=n).round(3)
        score += .3 * x if at < 13 else 0
        frame[f"column{at}"] = x
    frame["outcome"] = np.where(draw.random(n) < 1 / (1 + np.exp(-score)), "Won", "Lost")
    path = HERE / "deals.csv"
    pandas.DataFrame(frame).to_csv(path, index=False)
    mine = ours("forecast", path, "outcome", "Won", "Lost")
    names = list(frame)[:-1]

    def learn():
        data = pandas.read_csv(path)
        return pipeline(names[:10], names[10:], strengths, 5).fit(data[names], data["outcome"] == "Won")

    model, ms = timed(learn, times=1)
    row("fit", figure(mine["milliseconds"]), figure(ms), figure(ms / mine["milliseconds"]))

    def predict():
        data = pandas.read_csv(path)
        data["probability"] = model.predict_proba(data[names])[:, 1]
        data.to_csv(HERE / "out.csv", index=False)

    _, ms = timed(predict)
    row("predict, table to table", figure(mine["predict_milliseconds"]), figure(ms), figure(ms / mine["predict_milliseconds"]))

    if SHARED is None:
        print("\nThe real deals are not here: no comparison on them.")
        return
    table("On 242 real B2B deals, 5 folds 10 times, the same answers never on both sides (Brier score)", "sameside", "its 95% interval",
          "scikit-learn", "the average", "sameside s", "scikit-learn s")
    mine = ours("evaluate", SHARED, "Status", "Won", "Lost")
    data = pandas.read_csv(SHARED, keep_default_na=False, dtype=str)
    won = (data["Status"] == "Won").to_numpy()
    answers = data.drop(columns=["Status"])
    groups = answers.astype(str).agg("\x1f".join, axis=1).factorize()[0]

    def judge():
        total = []
        for seed in range(10):
            said = np.zeros(len(data))
            for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(answers, won, groups):
                inner = list(StratifiedGroupKFold(10, shuffle=True, random_state=1).split(answers.iloc[train], won[train], groups[train]))
                fitted = pipeline(list(answers.columns), [], strengths, inner).fit(answers.iloc[train], won[train])
                said[test] = fitted.predict_proba(answers.iloc[test])[:, 1]
            total.append(np.mean((said - won) ** 2))
        return np.mean(total)

    theirs, ms = timed(judge, times=1)
    brier = mine["answer"]["brier"]
    row(f"{brier['value']:.4f}", f"{brier['low']:.3f} to {brier['high']:.3f}", f"{theirs:.4f}", f"{brier['base']:.4f}",
        f"{mine['milliseconds'] / 1e3:.1f}", f"{ms / 1e3:.1f}")


for name, part in {"negotiate": frontiers, "plan": plans, "ages": ages, "forecast": forecasts}.items():
    if not ONLY or name in ONLY:
        part()
