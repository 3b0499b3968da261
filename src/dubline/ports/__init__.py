"""The seams: one small contract per capability, and the registry that finds the engines behind them."""
