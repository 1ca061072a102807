"""A Flask app, which gunicorn runs in two workers."""

from flask import Flask

app = Flask(__name__)


def steps(number):
    count = 0  # ran
    while number != 1:  # ran
        if number % 2 == 0:  # ran
            number //= 2  # ran
        else:
            number = 3 * number + 1  # ran
        count += 1  # ran
    return count  # ran


@app.get("/steps/<number>")
def answer(number):
    if not number.isdigit() or int(number) == 0:  # ran
        return "not a positive number\n", 400  # not
    return f"{steps(int(number))}\n"  # ran
